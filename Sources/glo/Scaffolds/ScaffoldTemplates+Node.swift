extension ScaffoldTemplates {
    /// Stays up and reads an event a line.
    static let node: [ScaffoldFile] = [
        ScaffoldFile(
            name: "function.yaml",
            contents: """
                # The handler stays up: one JSON event per line on standard input, one JSON response per line on standard output.
                contract: stdio
                command: [node, handler.mjs]
                timeout: 10s

                """),
        ScaffoldFile(
            name: "handler.mjs",
            contents: #"""
                // A function in JavaScript. Nothing but Node itself is needed.
                import { createInterface } from "node:readline";

                // Turns one event into one response. An HTTP request comes in Lambda's payload format 2.0 and the response
                // goes back in it.
                async function handle(event) {
                  const name = event?.queryStringParameters?.name ?? "world";
                  console.log("greeting", name);
                  return {
                    statusCode: 200,
                    headers: { "content-type": "application/json" },
                    body: JSON.stringify({ message: `Hello, ${name}!` }),
                  };
                }

                // So that console.log goes to the log and not between the responses.
                console.log = console.info = console.debug = console.error;

                for await (const line of createInterface({ input: process.stdin })) {
                  let response;
                  try {
                    response = await handle(JSON.parse(line));
                  } catch (error) {
                    console.error(error);
                    response = { statusCode: 500, body: "the handler failed; see its log\n" };
                  }
                  process.stdout.write(JSON.stringify(response ?? null) + "\n");
                }

                """#),
    ]
}
