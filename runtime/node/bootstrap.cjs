"use strict";

// Runs a Node handler as Lambda does: asks the Runtime API for events and gives it the results.
//
// Nothing but Node itself. One connection for each event at a time carries everything; a result leaves together with
// the request for the next event, in one write. docs/runtimes.md says what handlers can count on.

const { AsyncLocalStorage } = require("node:async_hooks");
const { Connection } = require("./connection.cjs");
const { ResponseStream } = require("./stream.cjs");
const { STREAMED, installGlobals } = require("./globals.cjs");
const { errorDocument, fault } = require("./errors.cjs");
const { load } = require("./load.cjs");
const { endLines, logError, patchConsole } = require("./console.cjs");

const environment = process.env;
const address = environment.AWS_LAMBDA_RUNTIME_API;
const pollers = Math.max(1, Number.parseInt(environment.AWS_LAMBDA_MAX_CONCURRENCY ?? "1", 10) || 1);

/** Several events at once: each finds its own id again. With one, a variable does, and costs nothing. */
const storage = pollers > 1 ? new AsyncLocalStorage() : null;
/** The runs that are not answered. */
const running = new Set();
let only = null;
let isServing = false;

const currentRun = () => (storage ? storage.getStore() : only);

/** One invocation, from its event to its answer. */
class Run {
  constructor(connection, fields, body) {
    this.connection = connection;
    this.fields = fields;
    this.body = body;
    this.requestId = fields["lambda-runtime-aws-request-id"];
    this.isAnswered = false;
    /** What a callback gave, while the event loop is not empty yet. */
    this.pending = null;
    this.stream = null;
    this.context = null;
  }

  /** Text, or bytes; once. */
  succeed(value) {
    if (this.isAnswered) return;
    let text;
    try {
      text = value === undefined ? "null" : JSON.stringify(value);
      if (text === undefined) text = "null";
    } catch (error) {
      return this.fail(fault("Runtime.MarshalError", `Unable to stringify response body: ${error?.message ?? error}`));
    }
    this.finish();
    this.connection.answer(this.fields, "response", text);
  }

  fail(error) {
    if (this.isAnswered) return;
    const document = errorDocument(error);
    logError(document);
    this.finish();
    if (this.stream?.isStarted) return this.stream.abort(document);
    this.connection.answer(this.fields, "error", JSON.stringify(document));
  }

  finish() {
    this.isAnswered = true;
    endLines();
    running.delete(this);
    if (only === this) only = null;
    this.connection.hold(true);
  }

  /** The handler's second argument. */
  makeContext() {
    const fields = this.fields;
    const deadline = Number(fields["lambda-runtime-deadline-ms"] ?? 0);
    return {
      callbackWaitsForEmptyEventLoop: true,
      functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
      functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
      memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
      clientContext: parsed(fields["lambda-runtime-client-context"]),
      identity: parsed(fields["lambda-runtime-cognito-identity"]),
      invokedFunctionArn: fields["lambda-runtime-invoked-function-arn"],
      awsRequestId: this.requestId,
      tenantId: fields["lambda-runtime-aws-tenant-id"],
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
      succeed: (value) => this.settle(null, value, false),
      fail: (error) => this.settle(error ?? new Error("handled"), undefined, false),
      done: (error, value) => this.settle(error, value, false),
    };
  }

  /** What `callback(error, value)` means: at once, or when nothing else is left to do. */
  settle(error, value, waits = this.context.callbackWaitsForEmptyEventLoop) {
    if (this.isAnswered || this.pending) return;
    const isError = error !== null && error !== undefined;
    const give = () => (isError ? this.fail(error) : this.succeed(value));
    // With several events at once the event loop is never empty.
    if (isError || !waits || storage) return give();
    this.pending = give;
  }
}

function parsed(text) {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fault("Runtime.LambdaContextUnmarshalError", `Unable to parse JSON: ${error.message}`);
  }
}

/** Runs the handler for one event. */
async function invoke(handler, run) {
  try {
    run.context = run.makeContext();
    let event = run.body;
    if (run.fields["content-type"] === "application/json") {
      try {
        event = JSON.parse(run.body.toString("utf8"));
      } catch (error) {
        throw fault("Runtime.UnmarshalError", `Unable to unmarshal input: ${error.message}`);
      }
    }
    if (handler[STREAMED]) return await invokeStreamed(handler, run, event);
    const result = handler(event, run.context, (error, value) => run.settle(error, value));
    if (typeof result?.then === "function") return run.succeed(await result);
    // Lambda ignores what is returned at once, since a callback may follow; here nothing can.
    if (result !== undefined && handler.length < 2) run.succeed(result);
  } catch (error) {
    run.fail(error);
  }
}

async function invokeStreamed(handler, run, event) {
  run.stream = new ResponseStream(run.connection, run.fields, () => run.finish(), (error) => run.fail(error));
  await handler(event, run.stream, run.context);
}

/** Takes one event after the other from one connection. */
function poll(connection, handler) {
  connection.onEvent = (fields, body) => {
    const run = new Run(connection, fields, body);
    running.add(run);
    // While the handler runs, an idle connection must not keep the event loop from being empty.
    if (!storage) connection.hold(false);
    if (storage) return storage.run(run, invoke, handler, run);
    only = run;
    const trace = fields["lambda-runtime-trace-id"];
    if (trace) environment._X_AMZN_TRACE_ID = trace;
    else delete environment._X_AMZN_TRACE_ID;
    invoke(handler, run);
  };
  connection.next();
}

/** Ends the process; every event that it has hears why before that. */
async function die(error, code) {
  const document = errorDocument(error);
  logError(document);
  if (!isServing) await new Connection(address).initError(document);
  const ends = [...running].map((run) => {
    run.isAnswered = true;
    if (run.stream?.isStarted) return run.stream.abort(document, true);
    return run.connection.answer(run.fields, "error", JSON.stringify(document), true);
  });
  await Promise.all(ends);
  process.exit(code);
}

process.on("uncaughtException", (error) => die(error, 129));
process.on("unhandledRejection", (reason) => {
  const document = errorDocument(reason);
  const message = reason instanceof Error ? String(reason) : document.errorMessage;
  const error = fault("Runtime.UnhandledPromiseRejection", message);
  error.reason = document;
  error.stack = [`Runtime.UnhandledPromiseRejection: ${error.message}`, ...document.trace.slice(1)].join("\n");
  die(error, 128);
});

// The event loop is empty: callbacks that waited for that are due, and a handler that never calls back is done.
process.on("beforeExit", () => {
  for (const run of [...running]) {
    if (run.pending) run.pending();
    else if (run.stream) run.stream.end();
    else run.succeed(null);
  }
});

async function main() {
  environment.AWS_EXECUTION_ENV = `AWS_Lambda_nodejs${process.versions.node.split(".")[0]}.x`;
  patchConsole(() => currentRun()?.requestId, pollers === 1);
  installGlobals();
  let handler;
  try {
    handler = await load(environment.LAMBDA_TASK_ROOT ?? process.cwd(), environment._HANDLER ?? "");
  } catch (error) {
    const document = errorDocument(error);
    logError(document);
    await new Connection(address).initError(document);
    process.exit(1);
  }
  const wanted = /^nodejs([0-9]+)\.x$/.exec(environment.GLO_RUNTIME ?? "")?.[1];
  if (wanted && wanted !== process.versions.node.split(".")[0]) {
    console.warn(`${environment.GLO_RUNTIME} is asked for; this is Node ${process.versions.node}`);
  }
  isServing = true;
  for (let number = 0; number < pollers; number++) poll(new Connection(address), handler);
}

main();
