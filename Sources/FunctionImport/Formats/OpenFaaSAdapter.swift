/// A file that lets handlers written for OpenFaaS's templates run under Glo's loaders.
struct OpenFaaSAdapter {
    let runtime: String
    let fileName: String
    let contents: String

    /// Nil when there is none for the template.
    init?(lang: String) {
        switch lang {
        case "python", "python3", "python3-debian":
            self.init(runtime: "python", fileName: "glo_openfaas.py", contents: Self.pythonText)
        case _ where lang.hasPrefix("python") && (lang.contains("-http") || lang.contains("-flask")):
            self.init(runtime: "python", fileName: "glo_openfaas.py", contents: Self.pythonHTTP)
        case _ where lang.hasPrefix("node"):
            self.init(runtime: "node", fileName: "glo_openfaas.js", contents: Self.node)
        default: return nil
        }
    }

    private init(runtime: String, fileName: String, contents: String) {
        self.runtime = runtime
        self.fileName = fileName
        self.contents = contents
    }

    /// The body of an HTTP request, or the event itself when it came another way.
    private static let pythonBody = """
        import base64
        import json

        import handler


        def body_of(event):
            if not isinstance(event, dict) or event.get("version") != "2.0":
                return event if isinstance(event, str) else json.dumps(event)
            body = event.get("body") or ""
            return base64.b64decode(body) if event.get("isBase64Encoded") else body

        """

    private static let pythonText = """
        # Written by glo import: handle(req) of the python3 template.
        \(pythonBody)
        def handle(event, context):
            body = body_of(event)
            answer = handler.handle(body.decode() if isinstance(body, bytes) else body)
            if not isinstance(answer, str):
                answer = "" if answer is None else json.dumps(answer)
            return {"statusCode": 200, "headers": {"Content-Type": "text/plain; charset=utf-8"}, "body": answer}

        """

    private static let pythonHTTP = """
        # Written by glo import: handle(event, context) of the python3-http template, and handle(req) of python3-flask.
        \(pythonBody)import inspect
        import os

        class Event:
            def __init__(self, event):
                http = event.get("requestContext", {}).get("http", {}) if isinstance(event, dict) else {}
                self.body = body_of(event)
                self.headers = event.get("headers", {}) if isinstance(event, dict) else {}
                self.method = http.get("method", "POST")
                self.path = http.get("path", "/")
                self.query = event.get("queryStringParameters") or {} if isinstance(event, dict) else {}


        class Context:
            hostname = os.environ.get("HOSTNAME", "localhost")


        def handle(event, context):
            request = Event(event)
            if len(inspect.signature(handler.handle).parameters) == 1:
                answer = handler.handle(request.body)
            else:
                answer = handler.handle(request, Context())
            if isinstance(answer, tuple):
                keys = ("body", "statusCode", "headers")
                answer = dict(zip(keys, answer))
            if not isinstance(answer, dict) or "statusCode" not in answer and "body" not in answer:
                answer = {"body": answer}
            answer.setdefault("statusCode", 200)
            body = answer.get("body")
            if isinstance(body, bytes):
                answer["body"] = base64.b64encode(body).decode()
                answer["isBase64Encoded"] = True
            elif body is not None and not isinstance(body, str):
                answer["body"] = json.dumps(body)
            return answer

        """

    private static let node = """
        // Written by glo import: module.exports = async (event, context) of the node templates.
        const handler = require('./handler');

        function bodyOf(event) {
          if (event === null || typeof event !== 'object' || event.version !== '2.0') return event;
          const raw = event.isBase64Encoded ? Buffer.from(event.body || '', 'base64') : event.body || '';
          const type = (event.headers || {})['content-type'] || '';
          return type.startsWith('application/json') ? JSON.parse(raw || 'null') : raw;
        }

        exports.handle = async (event) => {
          const http = (event && event.requestContext && event.requestContext.http) || {};
          const request = {
            body: bodyOf(event),
            headers: (event && event.headers) || {},
            method: http.method || 'POST',
            path: http.path || '/',
            query: (event && event.queryStringParameters) || {},
          };
          const answer = { statusCode: 200, headers: {}, body: undefined };
          let ended;
          const end = new Promise((resolve, reject) => { ended = { resolve, reject }; });
          const context = {
            status(code) { answer.statusCode = code === undefined ? answer.statusCode : code; return context; },
            headers(fields) { answer.headers = fields || answer.headers; return context; },
            succeed(body) { answer.body = body; ended.resolve(); return body; },
            fail(error) { ended.reject(error instanceof Error ? error : new Error(String(error))); },
          };
          const callback = (error, body) => (error ? context.fail(error) : context.succeed(body));
          const returned = handler(request, context, callback);
          if (returned && typeof returned.then === 'function') {
            const body = await returned;
            if (answer.body === undefined && body !== context) answer.body = body;
          } else if (returned === undefined || returned === context) {
            await end;
          } else if (answer.body === undefined) {
            answer.body = returned;
          }
          if (answer.body !== undefined && typeof answer.body !== 'string') {
            if (Buffer.isBuffer(answer.body)) {
              return { ...answer, body: answer.body.toString('base64'), isBase64Encoded: true };
            }
            answer.body = JSON.stringify(answer.body);
            answer.headers = { 'content-type': 'application/json', ...answer.headers };
          }
          return answer;
        };

        """
}
