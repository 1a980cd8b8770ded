"""A redis-server of our own on a Unix socket, as Glo runs its own: no TCP, no snapshots, an append-only file."""

import csv
import os
import shutil
import socket
import subprocess
import tempfile
import time


class RedisServer:
    """A context manager; `fsync` is Redis' appendfsync: always, everysec or no."""

    def __init__(self, fsync="always"):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="glo-bench-redis-"))
        self.socket = os.path.join(self.root, "redis.sock")
        self.log = os.path.join(self.root, "redis.log")
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", self.root, "--logfile", self.log,
             "--save", "", "--appendonly", "yes", "--appendfsync", fsync, "--maxmemory-policy", "noeviction"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()  # nothing of it is kept, so it need not save
        self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def call(self, *words):
        """One command with an answer of one line; returns that line."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(self.socket)
            encoded = [f"${len(word)}\r\n{word}\r\n" for word in words]
            connection.sendall(f"*{len(words)}\r\n{''.join(encoded)}".encode())
            return connection.makefile("rb").readline().decode().strip()

    def benchmark_set(self, connections, size, seconds):
        """redis-benchmark's SET of `size` bytes to ever new keys for about `seconds`; requests/s and milliseconds."""
        short = self._benchmark(connections, size, 2000 if connections == 1 else 10000)
        self.call("FLUSHALL")
        found = self._benchmark(connections, size, max(2000, int(short["per_second"] * seconds)))
        self.call("FLUSHALL")
        return found

    def _benchmark(self, connections, size, requests):
        done = subprocess.run(
            ["redis-benchmark", "-s", self.socket, "-t", "set", "-d", str(size), "-c", str(connections),
             "-n", str(requests), "-r", "1000000000", "--csv"], capture_output=True, text=True, check=True)
        for row in csv.DictReader(done.stdout.splitlines()):
            return {"per_second": float(row["rps"]), "p50_ms": float(row["p50_latency_ms"]),
                    "p99_ms": float(row["p99_latency_ms"]), "requests": requests}
        raise RuntimeError(f"redis-benchmark gave no result: {done.stdout}{done.stderr}")

    def _wait_until_ready(self, seconds=15):
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.call("PING") == "+PONG":
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"redis-server did not get ready; {self.log} ends: {self._log_tail()}")
            time.sleep(0.01)

    def _log_tail(self):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                return "".join(file.readlines()[-5:])
        except FileNotFoundError:
            return "(there is none)"


def version():
    """What `redis-server --version` calls itself."""
    said = subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True).stdout
    return next((word[2:] for word in said.split() if word.startswith("v=")), said.strip())
