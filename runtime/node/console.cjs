"use strict";

// console.* in Lambda's form: time, request id, level, text. Written at once, so that nothing is lost if the process
// ends.

const fs = require("node:fs");
const { formatWithOptions } = require("node:util");

const LEVELS = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };
const isJSON = (process.env.AWS_LAMBDA_LOG_FORMAT ?? "").toUpperCase() === "JSON";
const least = LEVELS[(process.env.AWS_LAMBDA_LOG_LEVEL ?? "").toUpperCase()] ?? 0;

let currentRequestId = () => undefined;

// Lines reach the controller by another way than answers do, and perhaps after the next event has begun. So what an
// invocation writes follows a mark, a line of its own that the controller takes out again. A line that is left open is
// ended there: it must not go on in somebody else's.
let isMarking = false;
const lines = { 1: { owner: undefined, isOpen: false }, 2: { owner: undefined, isOpen: false } };

/** What has to stand before the next text of a stream. */
function lineHead(descriptor, owner) {
  const line = lines[descriptor];
  const marked = isMarking ? owner : undefined;
  if (line.owner === marked) return "";
  const end = line.isOpen ? "\n" : "";
  line.owner = marked;
  line.isOpen = false;
  return `${end}\x1eglo:${marked ?? "-"}\n`;
}

/** The invocation is over: so are its lines. */
function endLines() {
  for (const descriptor of [1, 2]) {
    const head = lineHead(descriptor, undefined);
    const isOpen = lines[descriptor].isOpen;
    lines[descriptor].isOpen = false;
    if (head || isOpen) writeAll(descriptor, head || "\n");
  }
}

/** Has `process.stdout` and `process.stderr` do the same, once somebody uses them. */
function markStreams() {
  for (const [name, descriptor] of [["stdout", 1], ["stderr", 2]]) {
    const property = Object.getOwnPropertyDescriptor(process, name);
    if (!property?.get) continue;
    let isPatched = false;
    Object.defineProperty(process, name, {
      ...property,
      get() {
        const stream = property.get.call(process);
        if (isPatched) return stream;
        isPatched = true;
        const write = stream.write;
        stream.write = function (chunk, ...rest) {
          if (chunk?.length > 0) {
            const head = lineHead(descriptor, currentRequestId());
            if (head) write.call(stream, head);
            const last = chunk[chunk.length - 1];
            lines[descriptor].isOpen = last !== "\n" && last !== 10;
          }
          return write.call(stream, chunk, ...rest);
        };
        return stream;
      },
    });
  }
}

function write(descriptor, text) {
  writeAll(descriptor, lineHead(descriptor, currentRequestId()) + text);
  lines[descriptor].isOpen = false;
}

function writeAll(descriptor, text) {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(fs.writeSync(descriptor, bytes));
    } catch (error) {
      if (error.code !== "EAGAIN") return;
    }
  }
}

function log(level, values) {
  const descriptor = LEVELS[level] >= LEVELS.WARN ? 2 : 1;
  const time = new Date().toISOString();
  const requestId = currentRequestId();
  if (isJSON) return write(descriptor, `${jsonLine(level, time, requestId, values)}\n`);
  const text = formatWithOptions({}, ...values);
  write(descriptor, `${time}\t${requestId ?? "undefined"}\t${level}\t${text}\n`);
}

function jsonLine(level, timestamp, requestId, values) {
  const line = { timestamp, level, requestId };
  const only = values.length === 1 ? values[0] : undefined;
  try {
    if (only instanceof Error) return JSON.stringify({ ...line, ...errorFields(only), message: only.message });
    if (typeof only === "object" && only !== null) return JSON.stringify({ ...line, message: only });
  } catch {
    // It cannot be written as JSON; as a text it can.
  }
  const error = values.find((value) => value instanceof Error);
  return JSON.stringify({ ...line, message: formatWithOptions({}, ...values), ...(error && errorFields(error)) });
}

function errorFields(error) {
  return { errorType: error.name, errorMessage: error.message, stackTrace: (error.stack ?? "").split("\n") };
}

/**
 * @param requestId gives the id of the invocation that the caller belongs to.
 * @param isAlone whether one invocation at a time writes to the streams.
 */
function patchConsole(requestId, isAlone) {
  currentRequestId = requestId;
  isMarking = isAlone;
  markStreams();
  const names = {
    trace: "TRACE", debug: "DEBUG", info: "INFO", log: "INFO", warn: "WARN", error: "ERROR", fatal: "FATAL",
  };
  for (const [name, level] of Object.entries(names)) {
    console[name] = LEVELS[level] < least ? () => {} : (...values) => log(level, values);
  }
}

/** An error that ends an invocation, in one line. */
function logError(document) {
  const { errorType, errorMessage, trace, ...more } = document;
  const time = new Date().toISOString();
  const requestId = currentRequestId();
  if (isJSON) {
    const message = { errorType, errorMessage, stackTrace: trace, ...more };
    return write(2, `${JSON.stringify({ timestamp: time, level: "ERROR", requestId, message })}\n`);
  }
  const text = JSON.stringify({ errorType, errorMessage, ...more, stack: trace });
  write(2, `${time}\t${requestId ?? "undefined"}\tERROR\tInvoke Error \t${text}\n`);
}

module.exports = { endLines, logError, patchConsole };
