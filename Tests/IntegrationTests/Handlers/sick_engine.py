"""A container engine that is not well: python3 sick_engine.py LISTEN TARGET MODE.

It passes requests on to the real engine, apart from the starts of containers. The file MODE says what becomes of those:
  ok            nothing special
  fail          500 with the words of a runtime that cannot start anything
  end           the container is started and killed at once
  slow SECONDS  the start takes so much longer
  late SECONDS  the container is frozen for so long right after its start
"""

import http.client
import http.server
import json
import os
import re
import socket
import socketserver
import sys
import threading
import time

LISTEN, TARGET, MODE = sys.argv[1:4]


class Engine(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("localhost")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(TARGET)


def ask(method, path, body=None, headers={}):
    connection = Engine()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    result = answer.status, answer.read(), answer.getheaders()
    connection.close()
    return result


def thaw(container, seconds):
    time.sleep(seconds)
    ask("POST", f"{container}/unpause")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
        start = re.fullmatch(r"(/v[0-9.]+/containers/[^/]+)/start", self.path)
        words = open(MODE).read().split() if start else ["ok"]
        if words[0] == "fail":
            message = {"message": "failed to create shim task: OCI runtime create failed: nothing works here: unknown"}
            return self.answer(500, json.dumps(message).encode(), [])
        if words[0] == "slow":
            time.sleep(float(words[1]))
        kept = {n: v for n, v in self.headers.items() if n.lower() in ("content-type", "accept")}
        status, answer, fields = ask(self.command, self.path, body, kept)
        if start and words[0] == "end":
            ask("POST", f"{start[1]}/kill")
        if start and words[0] == "late":
            ask("POST", f"{start[1]}/pause")
            threading.Thread(target=thaw, args=(start[1], float(words[1])), daemon=True).start()
        self.answer(status, answer, fields)

    do_GET = do_POST = do_DELETE = do_HEAD = handle_any

    def answer(self, status, body, fields):
        self.send_response_only(status)
        for name, value in fields:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


server = Server(LISTEN, Handler)
print("ready", flush=True)
server.serve_forever()
