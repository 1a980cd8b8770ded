extension ScaffoldTemplates {
    /// Stays up and reads an event a line.
    static let python: [ScaffoldFile] = [
        ScaffoldFile(
            name: "function.yaml",
            contents: """
                # The handler stays up: one JSON event per line on standard input, one JSON response per line on standard output.
                contract: stdio
                command: [python3, handler.py]
                timeout: 10s

                """),
        ScaffoldFile(
            name: "handler.py",
            contents: #"""
                """A function in Python. Nothing but the standard library is needed."""

                import json
                import sys
                import traceback


                def handle(event):
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


                def main():
                    responses = sys.stdout
                    sys.stdout = sys.stderr  # so that print() goes to the log and not between the responses
                    for line in sys.stdin:
                        try:
                            response = handle(json.loads(line))
                        except Exception:
                            traceback.print_exc()
                            response = {"statusCode": 500, "body": "the handler failed; see its log\n"}
                        responses.write(json.dumps(response) + "\n")
                        responses.flush()


                main()

                """#),
    ]
}
