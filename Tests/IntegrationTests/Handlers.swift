import Foundation
import TestSupport

/// The handlers of these tests.
enum Handlers {
    /// The repository, found from this file.
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func path(_ name: String) -> String { "\(repository)/Tests/IntegrationTests/Handlers/\(name)" }

    /// Compiles a C handler into one static file.
    static func compile(_ name: String, to target: String) async throws {
        try await Program.check("cc", ["-O1", "-Wall", "-Wextra", "-static", "-o", target, path(name)])
    }

    /// Compiles C into a shared library.
    static func compileLibrary(_ source: String, to target: String) async throws {
        try await Program.check(
            "sh", ["-c", "printf '%s\\n' \"$1\" | cc -shared -fPIC -x c -o \"$2\" -", "sh", source, target])
    }

    /// A shell script that answers with a text.
    static func saying(_ text: String) -> String { "#!/bin/sh\necho '\(text)'\n" }

    /// An HTTP server that answers with a text, after `?ms=` milliseconds if the query says so.
    static func server(saying text: String) -> String {
        """
        import http.server, os, sys, time, urllib.parse
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True
            def do_GET(self):
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                time.sleep(int(query.get("ms", ["0"])[0]) / 1000)
                size = int(query.get("size", ["0"])[0])
                length = int(self.headers.get("Content-Length") or 0)
                received = len(self.rfile.read(length))
                body = b"x" * size if size else f"\(text) {self.command} {self.path} {received}".encode()
                if "exit" in query:
                    print("leaving now", file=sys.stderr, flush=True)
                    os._exit(int(query["exit"][0]))
                while "spin" in query: pass
                self.send_response(int(query.get("status", ["200"])[0]))
                self.send_header("X-From", "python")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            do_POST = do_PUT = do_GET
            def log_message(self, *arguments): pass
        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 512
            daemon_threads = True
        Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
        """
    }

    static let stdio = """
        import json, sys
        count = 0
        for line in sys.stdin:
            event = json.loads(line)
            count += 1
            if isinstance(event, dict) and event.get("body") == "exit": sys.exit(3)
            sys.stdout.write(json.dumps({"count": count, "event": event}) + "\\n")
            sys.stdout.flush()
            print("handled", count, file=sys.stderr, flush=True)
        """
}

extension FunctionsDirectory {
    /// An HTTP server as a function.
    func server(_ name: String, saying text: String, manifest: String = "workers: {concurrency: 8}") throws {
        try directory(
            name,
            [
                "server.py": Handlers.server(saying: text),
                "function.yaml": "contract: http\ncommand: [python3, server.py]\n\(manifest)\n",
            ])
    }

    /// A script with a manifest.
    func script(_ name: String, _ text: String, manifest: String) throws {
        try directory(name, ["handler": text, "function.yaml": manifest + "\n"])
    }
}
