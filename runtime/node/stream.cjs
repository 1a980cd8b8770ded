"use strict";

// The response stream of handlers that `awslambda.streamifyResponse` has wrapped.

const { Writable } = require("node:stream");
const { Connection, NEXT } = require("./connection.cjs");

const FRAMING =
  "Transfer-Encoding: chunked\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n" +
  "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body";

/** Sends what is written to it as the result of one invocation. */
class ResponseStream extends Writable {
  /**
   * @param onEnd called when the handler has ended the stream
   * @param onBreak called with an error when it is destroyed before that
   */
  constructor(connection, fields, onEnd, onBreak) {
    super({ decodeStrings: true });
    // The invocation hears of it by onBreak.
    this.on("error", () => {});
    this.onBreak = onBreak;
    this.connection = connection;
    this.fields = fields;
    this.onEnd = onEnd;
    this.contentType = "application/octet-stream";
    /** JSON and eight zero bytes, which go before the first byte of the body. */
    this.prelude = null;
    this.isStarted = false;
    this.isOver = false;
  }

  setContentType(contentType) {
    if (this.isStarted) throw new Error("The content type cannot be set after the first write.");
    // A line end would begin another field.
    this.contentType = String(contentType).replace(/[^\t\x20-\x7e]/g, "");
  }

  setPrelude(prelude) {
    if (this.isStarted) throw new Error("The metadata cannot be set after the first write.");
    this.contentType = "application/vnd.awslambda.http-integration-response";
    this.prelude = Buffer.concat([Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8)]);
  }

  start() {
    if (this.isStarted) return;
    this.isStarted = true;
    const socket = this.connection.socket;
    socket.write(Connection.head(this.fields, "response", FRAMING, this.contentType));
    if (this.prelude) this.writeChunk(this.prelude);
  }

  writeChunk(bytes) {
    const socket = this.connection.socket;
    socket.write(`${bytes.length.toString(16)}\r\n`);
    socket.write(bytes);
    return socket.write("\r\n");
  }

  _write(bytes, encoding, callback) {
    if (this.isOver) return callback();
    const socket = this.connection.socket;
    socket.cork();
    this.start();
    const isRoom = bytes.length === 0 || this.writeChunk(bytes);
    socket.uncork();
    if (isRoom) return callback();
    // The caller reads slowly: the process must not end while it does.
    this.connection.hold(true);
    socket.once("drain", () => {
      if (!this.isOver) this.connection.hold(false);
      callback();
    });
  }

  _final(callback) {
    if (this.isOver) return callback();
    this.isOver = true;
    const socket = this.connection.socket;
    socket.cork();
    this.start();
    this.onEnd();
    socket.write(`0\r\n\r\n${NEXT}`);
    socket.uncork();
    callback();
  }

  _destroy(error, callback) {
    if (!this.isOver) this.onBreak(error ?? new Error("The response stream was destroyed before its end."));
    callback(null);
  }

  /** Says in the trailers that the handler failed. */
  abort(document, isLast = false) {
    if (this.isOver) return undefined;
    this.isOver = true;
    const body = Buffer.from(JSON.stringify(document)).toString("base64");
    const type = document.errorType.replace(/[^!-~]/g, "?");
    const end =
      `0\r\nLambda-Runtime-Function-Error-Type: ${type}\r\nLambda-Runtime-Function-Error-Body: ${body}\r\n\r\n`;
    if (isLast) return this.connection.last(end);
    this.connection.socket.write(end + NEXT);
    return undefined;
  }
}

module.exports = { ResponseStream };
