extension ScaffoldTemplates {
    /// A handler that Glo's own loader runs.
    static let python: [ScaffoldFile] = [
        ScaffoldFile(
            name: "function.yaml",
            contents: """
                # Glo's loader runs the handler; there is nothing to install. A handler written for Lambda runs as it is.
                runtime: python
                handler: handler.handle    # the file handler.py, the function handle
                timeout: 10s

                """),
        ScaffoldFile(
            name: "handler.py",
            contents: #"""
                """A function in Python. Nothing but the standard library is needed."""

                import json


                def handle(event, context):
                    """Turns one event into one response.

                    An HTTP request comes in Lambda's payload format 2.0 and the response goes back in it.
                    """
                    query = event.get("queryStringParameters") if isinstance(event, dict) else None
                    name = (query or {}).get("name", "world")
                    print("greeting", name)
                    return {
                        "statusCode": 200,
                        "headers": {"content-type": "application/json"},
                        "body": json.dumps({"message": f"Hello, {name}!"}),
                    }

                """#),
    ]
}
