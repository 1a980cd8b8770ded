"""Runs a handler under Lambda's own client, unchanged, and tells which ids the two say to each other."""

import os
import re
import socket
import subprocess
import sys
import threading

host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
wanted = re.compile(rb"(?im)^(lambda-runtime-invocation-id|lambda-runtime-aws-request-id): *([^\r\n]+)")


def forward(word, source, target):
    while data := source.recv(65536):
        for name, value in wanted.findall(data):
            print(f"capture {word} {name.decode().lower()} {value.decode()}", flush=True)
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def serve(listener):
    while True:
        client, _ = listener.accept()
        server = socket.create_connection((host, int(port)))
        threading.Thread(target=forward, args=("sent", client, server), daemon=True).start()
        threading.Thread(target=forward, args=("got", server, client), daemon=True).start()


listener = socket.create_server(("127.0.0.1", 9002))
threading.Thread(target=serve, args=(listener,), daemon=True).start()
environment = dict(os.environ, AWS_LAMBDA_RUNTIME_API="127.0.0.1:9002")
sys.exit(subprocess.run([sys.executable, "-m", "awslambdaric", "app.handler"], env=environment).returncode)
