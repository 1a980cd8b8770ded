"""HTTP over a Unix socket."""

import http.client
import socket


class Connection(http.client.HTTPConnection):
    """A kept-alive connection to the server that listens on `path`."""

    def __init__(self, path, timeout=30):
        super().__init__("unix", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
