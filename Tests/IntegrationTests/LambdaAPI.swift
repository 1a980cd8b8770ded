import AdminModel
import Foundation
import TestSupport

/// A controller that takes AWS's clients, and those clients.
enum LambdaAPI {
    static let keyID = "GLOAKEXAMPLE0000001"
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    static let token = "a-token-of-good-length"

    static var options: GloProcess.Options {
        var options = GloProcess.Options.with("--admin-listen", "127.0.0.1:0")
        options.environment = [
            "GLO_ADMIN_ACCESS_KEY_ID": keyID, "GLO_ADMIN_SECRET_ACCESS_KEY": secret, "GLO_ADMIN_TOKEN": token,
        ]
        return options
    }

    /// `http://host:port` of the API.
    static func endpoint(_ glo: GloProcess) async throws -> String {
        let listeners = try await glo.status().listeners.filter { $0.role == "admin" }
        guard let tcp = listeners.first(where: { !$0.address.hasPrefix("unix:") }) else {
            throw TestFailure("the API does not listen on TCP")
        }
        return "http://\(tcp.address)"
    }

    static func environment(_ endpoint: String, keyID: String = keyID, secret: String = secret) -> [String: String] {
        [
            "AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secret, "AWS_DEFAULT_REGION": "eu-north-1",
            "AWS_ENDPOINT_URL": endpoint, "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        ]
    }

    static func python() async throws -> String { try await PythonEnvironment.python(with: ["awscli", "boto3"]) }

    /// Runs a script with boto3 that has `client`, and prints JSON with `tell`.
    static func boto3(_ glo: GloProcess, _ script: String) async throws -> JSONValue {
        let prelude = """
            import base64, boto3, json, os, sys, time
            from botocore.exceptions import ClientError
            client = boto3.client("lambda")
            def tell(value): print(json.dumps(value))
            def failure(call, **arguments):
                try:
                    call(**arguments)
                except ClientError as error:
                    response = error.response
                    return {
                        "class": type(error).__name__, "code": response["Error"]["Code"],
                        "message": response["Error"]["Message"],
                        "status": response["ResponseMetadata"]["HTTPStatusCode"],
                        "attempts": response["ResponseMetadata"]["RetryAttempts"],
                    }
                return None
            def invoke(name, payload=b"", **arguments):
                answer = client.invoke(FunctionName=name, Payload=payload, **arguments)
                return {
                    "status": answer["StatusCode"], "version": answer.get("ExecutedVersion"),
                    "error": answer.get("FunctionError"), "payload": answer["Payload"].read().decode(),
                    "log": base64.b64decode(answer.get("LogResult", "")).decode(),
                    "id": answer["ResponseMetadata"]["RequestId"],
                }

            """
        let outcome = try await Program.check(
            try await python(), ["-c", prelude + script], environment: environment(try await endpoint(glo)))
        return try outcome.json
    }

    /// A client of the Runtime API that does what its events say.
    static let handler = #"""
        #!/usr/bin/python3
        import http.client, json, os, sys, time
        api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        count = 0
        while True:
            api.request("GET", "/2018-06-01/runtime/invocation/next")
            answer = api.getresponse()
            body = answer.read()
            event = json.loads(body)
            id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
            base = "/2018-06-01/runtime/invocation/" + id
            count += 1
            orders = event if isinstance(event, dict) else {}
            if "print" in orders: print(orders["print"], flush=True)
            if "sleep" in orders: time.sleep(orders["sleep"])
            if "exit" in orders: os._exit(orders["exit"])
            if "fail" in orders:
                error = json.dumps({"errorType": "ValueError", "errorMessage": orders["fail"], "stackTrace": []})
                api.request("POST", base + "/error", error, {"Lambda-Runtime-Function-Error-Type": "Function.ValueError"})
            elif "stream" in orders:
                def parts():
                    for number in range(orders["stream"]):
                        yield ("part %d;" % number).encode()
                        time.sleep(0.02)
                api.request(
                    "POST", base + "/response", parts(), {"Lambda-Runtime-Function-Response-Mode": "streaming"},
                    encode_chunked=True)
            elif "nothing" in orders: api.request("POST", base + "/response", b"")
            elif "size" in orders: api.request("POST", base + "/response", b'"' + b"x" * (orders["size"] - 2) + b'"')
            elif "context" in orders:
                fields = {name.lower(): value for name, value in answer.headers.items()}
                api.request("POST", base + "/response", json.dumps({"id": id, "fields": fields}))
            elif "count" in orders: api.request("POST", base + "/response", json.dumps(count))
            else: api.request("POST", base + "/response", body)
            api.getresponse().read()
        """#
}
