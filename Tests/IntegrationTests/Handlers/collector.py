"""An OTLP/HTTP collector: prints its port, then each request's body as one line."""

import http.server
import json


class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = self.headers["Content-Type"]
        print(json.dumps({"message": "traces", "path": self.path, "type": kind, "document": document}), flush=True)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
print(json.dumps({"message": "listening", "port": server.server_address[1]}), flush=True)
server.serve_forever()
