"""A function as a plain HTTP server, with Python's standard library only (contract `http`).

    curl -i http://127.0.0.1:8080/hello-python/any/path?name=Ada
    curl -i http://127.0.0.1:8080/hello-python -d 'four words of text'

What matters for any server under this contract:
  * listen on 127.0.0.1 and the port in $PORT: the container has no other network;
  * speak HTTP/1.1 with keep-alive, since Glo keeps its connections open and calls get faster by that;
  * stop on SIGTERM (Python does so by itself). Lines on stdout and stderr are the function's log.
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # the default is 1.0, which closes the connection after each response
    wbufsize = -1  # head and body leave together; two small packets would wait for each other for 40 ms
    disable_nagle_algorithm = True

    def do_GET(self):
        target = urlsplit(self.path)
        name = parse_qs(target.query).get("name", ["world"])[0]
        self.answer(f"Hello, {name}, from Python {sys.version.split()[0]}. You asked for {target.path}\n")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(f"You sent {len(body)} bytes, {len(body.split())} words.\n")

    do_PUT = do_POST

    def answer(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format, *arguments):
        print(format % arguments, file=sys.stderr)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
    server.daemon_threads = True
    server.serve_forever()
