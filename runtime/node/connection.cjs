"use strict";

// The client's side of the Runtime API, on a socket of our own: node:http costs several times as much per event.

const net = require("node:net");

// By the last field the controller knows that it may hold a 202 back until the next event.
const NEXT =
  "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: glo\r\n" +
  `User-Agent: glo-node/${process.versions.node}\r\nGlo-Runtime: pipelined\r\n\r\n`;

/** One connection, which has one event at a time. */
class Connection {
  constructor(address) {
    const colon = address.lastIndexOf(":");
    this.socket = net.connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
    this.socket.setNoDelay(true);
    this.received = null;
    /** Called with the fields, by lower-case name, and the body of each event. */
    this.onEvent = null;
    /** Called when the answer to a last request has come. */
    this.onLast = null;
    this.socket.on("data", (bytes) => this.take(bytes));
    this.socket.on("error", (error) => this.lost(error.message));
    this.socket.on("close", () => this.lost("the Runtime API closed the connection"));
  }

  /** Without a Runtime API there is nothing left to do. */
  lost(reason) {
    if (this.onLast) return this.onLast();
    process.stderr.write(`${reason}\n`);
    process.exit(1);
  }

  /** Whether the connection alone keeps the process up. */
  hold(isHeld) {
    if (isHeld) this.socket.ref();
    else this.socket.unref();
  }

  next() {
    this.socket.write(NEXT);
  }

  /**
   * Sends a result, and with it the request for the next event.
   * @param isLast no event is wanted; gives a promise that is kept when the result has arrived
   */
  answer(fields, verb, text, isLast = false) {
    const head = Connection.head(fields, verb, `Content-Length: ${Buffer.byteLength(text)}`);
    if (!isLast) {
      this.socket.write(head + text + NEXT);
      return undefined;
    }
    return this.last(head + text);
  }

  last(text) {
    this.hold(true);
    return new Promise((resolve) => {
      this.onLast = resolve;
      this.socket.write(text);
    });
  }

  static head(fields, verb, framing, contentType = "application/json") {
    const delivery = fields["lambda-runtime-invocation-id"];
    return (
      `POST /2018-06-01/runtime/invocation/${fields["lambda-runtime-aws-request-id"]}/${verb} HTTP/1.1\r\n` +
      `Host: glo\r\nContent-Type: ${contentType}\r\n${framing}\r\n` +
      (delivery ? `Lambda-Runtime-Invocation-Id: ${delivery}\r\n\r\n` : "\r\n")
    );
  }

  initError(document) {
    const text = JSON.stringify(document);
    const type = document.errorType.replace(/[^!-~]/g, "?");
    return this.last(
      "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: glo\r\nContent-Type: application/json\r\n" +
        `Lambda-Runtime-Function-Error-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }

  take(bytes) {
    this.received = this.received ? Buffer.concat([this.received, bytes]) : bytes;
    while (this.received) {
      const end = this.received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const { status, fields } = parseHead(this.received, end);
      const start = end + 4;
      const length = Number(fields["content-length"] ?? 0);
      const available = this.received.length - start;
      // A large body comes in many pieces; to join them once is enough.
      if (available < length) return this.collect(status, fields, this.received.subarray(start), length);
      const body = this.received.subarray(start, start + length);
      this.received = available > length ? this.received.subarray(start + length) : null;
      this.message(status, fields, body);
    }
  }

  collect(status, fields, first, length) {
    const pieces = [first];
    let missing = length - first.length;
    this.received = null;
    const take = this.take;
    this.take = (bytes) => {
      const part = bytes.length > missing ? bytes.subarray(0, missing) : bytes;
      pieces.push(part);
      missing -= part.length;
      if (missing > 0) return;
      this.take = take;
      if (part.length < bytes.length) this.received = bytes.subarray(part.length);
      this.message(status, fields, Buffer.concat(pieces));
      if (this.received) this.take(Buffer.alloc(0));
    };
  }

  message(status, fields, body) {
    if (this.onLast) return this.onLast();
    if (status === 200) return this.onEvent(fields, body);
    // 202 is the answer to a result. The caller has heard already what went wrong with one that is refused.
    if (status === 202) return;
    const text = `the Runtime API answered ${status}: ${body.toString("utf8").trim()}`;
    if (![400, 403, 410, 413].includes(status)) return this.lost(text);
    process.stderr.write(`${text}\n`);
  }
}

function parseHead(bytes, end) {
  const lines = bytes.toString("utf8", 0, end).split("\r\n");
  const fields = {};
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index];
    const colon = line.indexOf(":");
    fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(lines[0].slice(9, 12)), fields };
}

module.exports = { Connection, NEXT };
