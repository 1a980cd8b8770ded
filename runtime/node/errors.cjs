"use strict";

/** An error of the runtime's own, with Lambda's name for it. */
function fault(type, message) {
  const error = new Error(message);
  error.name = type;
  error.stack = error.stack.replace(/^[^\n]*/, `${type}: ${message}`);
  return error;
}

/** What the caller gets for whatever was thrown. */
function errorDocument(error) {
  const isError = error !== null && typeof error === "object" && typeof error.message === "string";
  if (!isError) return { errorType: typeof error, errorMessage: describe(error), trace: [] };
  const document = {
    errorType: String(error.name ?? "Error"),
    errorMessage: error.message,
    trace: String(error.stack ?? "").split("\n"),
  };
  if (error.reason?.errorType !== undefined) document.reason = error.reason;
  return document;
}

function describe(value) {
  try {
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

module.exports = { errorDocument, fault };
