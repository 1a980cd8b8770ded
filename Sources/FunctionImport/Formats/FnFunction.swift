/// Fn's `func.yaml`: one function in the file's directory.
///
/// Source: Fn's documentation, "Function files".
struct FnFunction {
    let root: DocumentValue

    private static let read: Set<String> = [
        "schema_version", "name", "version", "runtime", "build_image", "run_image", "entrypoint", "cmd", "memory",
        "timeout", "idle_timeout", "config", "triggers", "content_type", "type",
    ]

    func plan() throws(ImportError) -> ImportPlan {
        guard let name = root["name"]?.text else { throw ImportError("the file has no 'name'") }
        var plan = ImportPlan(format: "Fn function")
        var function = ImportedFunction(name: plan.functionName(name, at: "name"))
        function.sourceDirectory = "."
        addHandler(&function, &plan)
        // Fn's own defaults.
        function.manifest["memory"] = .text("\(root["memory"]?.integer ?? 128)Mi")
        function.manifest["timeout"] = .text("\(root["timeout"]?.integer ?? 30)s")
        if let idle = root["idle_timeout"]?.integer {
            function.manifest["workers"] = .members([("idle", .text("\(max(1, idle))s"))])
        }
        function.manifest.addEnvironment(root["config"]?.texts ?? [])
        addTriggers(&function, &plan)
        plan.noteUnread(root, read: Self.read, "not carried over")
        plan.functions = [function]
        return plan
    }

    private func addHandler(_ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        let runtime = root["runtime"]?.text ?? "docker"
        if runtime.hasPrefix("python") {
            function.manifest["runtime"] = .text("python")
            function.manifest["handler"] = .text("glo_fn.handle")
            function.files.append(("glo_fn.py", Self.adapter))
            plan.note(
                "runtime",
                "put the packages of requirements.txt, such as fdk, into the function's directory:"
                    + " python3 -m pip install --target . -r requirements.txt")
        } else {
            plan.note(
                "runtime",
                "Fn's protocol is not spoken for '\(runtime)': build an executable named handler that reads the body"
                    + " from stdin and writes the answer to stdout")
        }
    }

    private func addTriggers(_ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        for trigger in root["triggers"]?.items ?? [] {
            guard trigger["type"]?.text == "http", let source = trigger["source"]?.text else {
                plan.note(trigger.place, "there is no such trigger")
                continue
            }
            function.manifest.addTrigger("http", [("path", .text(source.hasPrefix("/") ? source : "/\(source)"))])
        }
        if function.manifest["triggers"] == nil {
            // What `fn invoke` reaches.
            function.manifest.addTrigger("http", [("path", .text("/invoke/\(function.name)"))])
        }
    }

    private static let adapter = """
        # Written by glo import: handler(ctx, data) of Fn's Python FDK.
        import asyncio
        import base64
        import inspect
        import io
        import os

        import func


        class Context:
            def __init__(self, event, request_id):
                self._event = event if isinstance(event, dict) else {}
                self._request_id = request_id

            def Config(self):
                return dict(os.environ)

            def CallID(self):
                return self._request_id

            def Headers(self):
                return dict(self._event.get("headers", {}))

            def HTTPHeaders(self):
                return self.Headers()

            def Method(self):
                return self._event.get("requestContext", {}).get("http", {}).get("method", "POST")

            def RequestURL(self):
                return self._event.get("rawPath", "/")

            def SetResponseHeaders(self, headers, status_code):
                self.response_headers, self.status_code = headers, status_code


        def handle(event, context):
            body = event.get("body") or "" if isinstance(event, dict) else str(event)
            encoded = isinstance(event, dict) and event.get("isBase64Encoded")
            data = io.BytesIO(base64.b64decode(body) if encoded else body.encode())
            answer = func.handler(Context(event, context.aws_request_id), data=data)
            if inspect.isawaitable(answer):
                answer = asyncio.run(answer)
            body, status, headers = answer, 200, {}
            if hasattr(answer, "body"):
                body, status = answer.body(), answer.status()
                headers = {name: str(value) for name, value in (answer.context().GetResponseHeaders() or {}).items()}
            if isinstance(body, bytes):
                return {"statusCode": status, "headers": headers, "isBase64Encoded": True,
                        "body": base64.b64encode(body).decode()}
            return {"statusCode": status, "headers": headers, "body": "" if body is None else str(body)}

        """
}
