extension ScaffoldTemplates {
    /// Runs once per event.
    static func bash(name: String) -> [ScaffoldFile] {
        [
            ScaffoldFile(
                name: "function.yaml",
                contents: """
                    # The handler runs once per call: the request's body on standard input, the response's on standard output.
                    contract: exec
                    timeout: 10s

                    """),
            ScaffoldFile(
                name: "handler",
                contents: #"""
                    #!/bin/bash
                    # What this prints is the response's body. What goes to standard error is in `glo logs \#(name)`.
                    # The variables GLO_* and those of CGI/1.1 (REQUEST_METHOD, QUERY_STRING …) tell of the request.
                    # Any exit code but 0 makes the call fail with status 502.
                    set -euo pipefail

                    body=$(cat)
                    echo "handling ${REQUEST_METHOD:-an event}" >&2
                    printf 'Hello, %s!\n' "${body:-world}"

                    """#, isExecutable: true),
        ]
    }
}
