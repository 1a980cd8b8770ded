"""The client's side of the Runtime API."""

import _socket
import sys

# By the last field the controller knows that it may hold a 202 back until the next event.
NEXT = (
    "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: glo\r\n"
    f"User-Agent: glo-python/{sys.version.split()[0]}\r\nGlo-Runtime: pipelined\r\n\r\n").encode("ascii")
POST = "POST /2018-06-01/runtime/%s HTTP/1.1\r\nHost: glo\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"


class Connection:
    """One connection to the Runtime API."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self.socket.connect((host, int(port)))
        self.send = self.socket.sendall
        self.received = b""
        # The answer to a result, as it came the last time: it is always the same.
        self.accepted = None

    def read(self):
        """The next response: its status, its fields with their names as the controller writes them, its body."""
        received = self.received
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self.receive()
        lines = received[:end].decode("utf-8", "replace").split("\r\n")
        fields = dict([line.split(": ", 1) for line in lines[1:]])
        start = end + 4
        length = int(fields.get("Content-Length", 0))
        missing = length - (len(received) - start)
        if missing > 0:
            pieces = [received[start:]]
            while missing > 0:
                piece = self.receive(min(missing, 1 << 20))
                missing -= len(piece)
                pieces.append(piece)
            self.received = b""
            body = b"".join(pieces)
        else:
            self.received = received[start + length:]
            body = received[start:start + length]
        status = int(lines[0][9:12])
        if status == 202:
            self.accepted = received[:start + length]
        return status, fields, body

    def receive(self, count=65536):
        piece = self.socket.recv(count)
        if not piece:
            raise ConnectionError("the Runtime API closed the connection")
        return piece

    def next(self):
        """Waits for an event, whose request was sent before: its fields and its body.

        None when the connection is closed instead: the worker is being stopped, and has nothing to say about it.
        """
        while True:
            received = self.received or self.socket.recv(65536)
            if not received:
                return None
            if self.accepted and received.startswith(self.accepted):
                received = received[len(self.accepted):]
            self.received = received
            status, fields, body = self.read()
            if status == 200:
                return fields, body
            # 202 is the answer to a result. The caller has heard already what went wrong with one that is refused.
            if status == 202:
                continue
            if status in (400, 403, 410, 413) and b"InvalidStateTransition" not in body:
                print("the Runtime API refused a result:", status, body.decode("utf-8", "replace").strip())
                continue
            raise ConnectionError(f"the Runtime API answered {status}: {body.decode('utf-8', 'replace').strip()}")
