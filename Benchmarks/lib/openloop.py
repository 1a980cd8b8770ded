"""Requests at a fixed rate, whatever the answers do: the load does not slow down with the server.

Latency counts from the moment at which a request was due, so that waiting behind a slow answer is seen.
"""

import http.client
import threading
import time


class OpenLoop:
    """`rate` GETs per second on kept-alive connections until stop() is called."""

    def __init__(self, port, path, rate, connections=32):
        self.port = port
        self.path = path
        self.interval = connections / rate
        self.statuses = {}
        self.failures = []
        self.latencies = []
        self.last_body = ""
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._started = time.monotonic()
        self._threads = [
            threading.Thread(target=self._run, args=(number / rate,), daemon=True) for number in range(connections)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        """Ends the load after the requests that are out; returns what was counted."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        seconds = time.monotonic() - self._started
        self.latencies.sort()
        bad = sum(count for status, count in self.statuses.items() if not 200 <= status < 300)
        return {
            "requests": len(self.latencies), "seconds": seconds, "per_second": len(self.latencies) / seconds,
            "statuses": self.statuses, "not_2xx": bad, "connection_errors": len(self.failures),
            "first_errors": self.failures[:5], "p50_ms": self._percentile(0.5), "p99_ms": self._percentile(0.99),
            "max_ms": self._percentile(1),
        }

    def _run(self, offset):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        due = self._started + offset
        while not self._stopping.wait(max(0, due - time.monotonic())):
            self._send(connection, due)
            due += self.interval
        connection.close()

    def _send(self, connection, due):
        try:
            connection.request("GET", self.path)
            response = connection.getresponse()
            body = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            with self._lock:
                self.failures.append(f"{type(error).__name__}: {error}")
                self.latencies.append(time.monotonic() - due)
            return
        with self._lock:
            self.statuses[response.status] = self.statuses.get(response.status, 0) + 1
            self.latencies.append(time.monotonic() - due)
            if response.status == 200:
                self.last_body = body

    def _percentile(self, share):
        if not self.latencies:
            return 0.0
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))] * 1000
