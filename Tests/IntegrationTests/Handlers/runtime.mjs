// The handler of the runtime tests for Node.
import { setTimeout as sleep } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";

export const handler = async (event, context) => {
  switch (event?.do) {
    case "context":
      return { id: context.awsRequestId, name: context.functionName, left: context.getRemainingTimeInMillis(),
        client: context.clientContext?.custom, env: process.env.AWS_EXECUTION_ENV };
    case "boom": throw new TypeError("as asked");
    case "bigint": return { value: 1n };
    case "cycle": { const cycle = {}; cycle.self = cycle; return cycle; }
    case "undefined": return undefined;
    case "never": return await new Promise(() => {});
    case "exit": process.exit(event.code);
    case "reject": Promise.reject(new Error("nobody waits")); await sleep(2000); return 1;
    case "sleep": await sleep(event.seconds * 1000); console.log("slept"); return { pid: process.pid };
    case "log": console.log("logged for", context.awsRequestId); return "done";
    default: return event;
  }
};

export const callback = (event, context, callback) => {
  if (event?.fail) return callback(new RangeError("by callback"));
  setTimeout(() => callback(null, { late: true }), 20);
};

export const done = (event, context) => { setTimeout(() => context.succeed({ done: true }), 5); };

export const stream = awslambda.streamifyResponse(async (event, response) => {
  const query = event.queryStringParameters ?? {};
  const metadata = { statusCode: 201, headers: { "content-type": "text/plain", "x-a": "b" }, cookies: ["a=1"] };
  response = awslambda.HttpResponseStream.from(response, metadata);
  if (query.early) throw new Error("early");
  response.write("hello ");
  if (query.middle) throw new Error("middle");
  if (query.pieces) {
    return pipeline(Readable.from((function* () {
      for (let number = 0; number < Number(query.pieces); number++) yield "x".repeat(65536);
    })()), response);
  }
  await sleep(20);
  response.end("world");
});
