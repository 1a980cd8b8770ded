"use strict";

// console.* in Lambda's form: time, request id, level, text. Written at once, so that nothing is lost if the process
// ends.

const fs = require("node:fs");
const { formatWithOptions } = require("node:util");

const LEVELS = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };
const isJSON = (process.env.AWS_LAMBDA_LOG_FORMAT ?? "").toUpperCase() === "JSON";
const least = LEVELS[(process.env.AWS_LAMBDA_LOG_LEVEL ?? "").toUpperCase()] ?? 0;

let currentRequestId = () => undefined;

function write(descriptor, text) {
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

/** @param requestId gives the id of the invocation that the caller belongs to. */
function patchConsole(requestId) {
  currentRequestId = requestId;
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

module.exports = { logError, patchConsole };
