"use strict";

// `awslambda`, the global name by which handlers say that they stream.

const STREAMED = Symbol.for("aws.lambda.runtime.handler.streaming");

const HttpResponseStream = {
  /** Gives the response a status, headers and cookies. */
  from(stream, prelude) {
    stream.setPrelude(prelude ?? {});
    return stream;
  },
};

function installGlobals() {
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[STREAMED] = "response";
      if (typeof options?.highWaterMark === "number") {
        handler[Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark")] = options.highWaterMark;
      }
      return handler;
    },
    HttpResponseStream,
  };
}

module.exports = { STREAMED, installGlobals };
