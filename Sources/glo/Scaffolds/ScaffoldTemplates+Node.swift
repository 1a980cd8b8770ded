extension ScaffoldTemplates {
    /// A handler that Glo's own loader runs.
    static let node: [ScaffoldFile] = [
        ScaffoldFile(
            name: "function.yaml",
            contents: """
                # Glo's loader runs the handler; there is nothing to install. A handler written for Lambda runs as it is.
                runtime: node
                handler: handler.handle    # the file handler.mjs, the function handle
                timeout: 10s

                """),
        ScaffoldFile(
            name: "handler.mjs",
            contents: #"""
                // A function in JavaScript. Nothing but Node itself is needed.

                // Turns one event into one response. An HTTP request comes in Lambda's payload format 2.0 and the response
                // goes back in it.
                export async function handle(event, context) {
                  const name = event?.queryStringParameters?.name ?? "world";
                  console.log("greeting", name);
                  return {
                    statusCode: 200,
                    headers: { "content-type": "application/json" },
                    body: JSON.stringify({ message: `Hello, ${name}!` }),
                  };
                }

                """#),
    ]
}
