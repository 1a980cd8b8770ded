"""Glo's asynchronous side as a client sees it: events in, the queue's figures, results out."""

import base64
import http.client
import json
import os
import signal
import subprocess
import time

from lib import statistic, unix_http, wrk

POST_EVENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "post_event.lua")
HEADERS = {"Content-Type": "application/json", "Prefer": "respond-async"}


class Events:
    """The events of one running controller."""

    def __init__(self, glo, size):
        self.glo, self.size = glo, size
        self.admin = unix_http.Connection(os.path.join(glo.state, "admin.sock"))

    # In

    def accept_rate(self, path, connections, seconds):
        """What wrk gets accepted in so many seconds."""
        wrk.run(self.glo.url(path), connections, 1, POST_EVENT, [self.size])
        load = wrk.run(self.glo.url(path), connections, seconds, POST_EVENT, [self.size])
        return {"per_second": load.per_second, "p50_ms": load.p50_us / 1000, "p99_ms": load.p99_us / 1000,
                "requests": load.requests, "errors": load.errors}

    def publish(self, path, count, connections):
        """Publishes `count` events and the few that are in flight then. Ends wrk, whatever happens meanwhile."""
        return Publishing(wrk.command_line(
            self.glo.url(path), connections, 3600, POST_EVENT, [self.size, count]))

    def fill(self, path, count, connections):
        """Publishes `count` events and waits for that; returns events a second."""
        with self.publish(path, count, connections) as publishing:
            publishing.wait()
            return count / publishing.seconds

    def post_one(self, path, body=None):
        """One event, which has to be accepted; returns its id. Waits up to 30 s for route and queue to be there."""
        deadline = time.monotonic() + 30
        connection = http.client.HTTPConnection("127.0.0.1", self.glo.port, timeout=30)
        try:
            while True:
                status, answer = exchange(connection, "POST", path, body or self.body(), HEADERS)
                if status == 202:
                    return answer["id"]
                if status not in (404, 503) or time.monotonic() > deadline:
                    raise RuntimeError(f"POST {path} with Prefer: respond-async answers {status} {answer}, not 202")
                time.sleep(0.1)
        finally:
            connection.close()

    def body(self):
        return '"' + "x" * (self.size - 2) + '"'

    # The queue

    def counters(self, function):
        """The function's row of the queue; what is not there counts as 0."""
        status, answer = exchange(self.admin, "GET", "/v1/queue")
        if status != 200:
            raise RuntimeError(f"GET /v1/queue answers {status} {answer}")
        rows = [row for row in answer["functions"] if row["function"] == function]
        names = ("ready", "delayed", "running", "dead", "succeeded")
        return {name: int(rows[0].get(name) or 0) if rows else 0 for name in names}

    def done(self, function):
        """How many of its events have succeeded; a dead letter ends the measurement."""
        counters = self.counters(function)
        if counters["dead"]:
            raise RuntimeError(f"{function} has {counters['dead']} dead letters:\n{self.glo.log_tail()}")
        return counters["succeeded"]

    def waiting(self, function):
        counters = self.counters(function)
        return counters["ready"] + counters["delayed"] + counters["running"]

    def wait_until_empty(self, function, seconds=900):
        deadline = time.monotonic() + seconds
        while self.waiting(function):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{function} has {self.waiting(function)} events after {seconds} s")
            time.sleep(0.01)

    # Out

    def paced(self, path, count, rate):
        """One event after the other over one connection; [(sent, accepted, started)] in ns of CLOCK_REALTIME."""
        connection = http.client.HTTPConnection("127.0.0.1", self.glo.port, timeout=30)
        sent, body, started = [], self.body(), time.monotonic()
        try:
            for number in range(count):
                time.sleep(max(0, started + number / rate - time.monotonic()))
                before = time.time_ns()
                status, answer = exchange(connection, "POST", path, body, HEADERS)
                if status != 202:
                    raise RuntimeError(f"POST {path} answers {status} {answer}")
                sent.append((before, time.time_ns(), answer["id"]))
            return [(before, after, self._started(connection, event)) for before, after, event in sent]
        finally:
            connection.close()

    def _started(self, connection, event):
        """When the handler read the event, by the result that it gave; asked for when all have been sent."""
        status, answer = exchange(connection, "GET", f"/_/invocations/{event}", headers={"Prefer": "wait=10"})
        if status != 200 or answer["state"] != "succeeded":
            raise RuntimeError(f"invocation {event}: {status} {answer}")
        result = answer["result"]
        body = base64.b64decode(result["bodyBase64"]) if "bodyBase64" in result else result["body"]
        value = json.loads(body) if isinstance(body, (str, bytes)) else body
        return value["startedNanoseconds"]


class Publishing:
    """wrk while it publishes; a context manager."""

    def __init__(self, command):
        self.started = time.monotonic()
        self.seconds = None
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # it would sleep for the rest of its hour
            try:
                self.process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.stdout.close()
        self.process.wait()

    def wait(self):
        """Waits until all were accepted."""
        for line in self.process.stdout:
            if line.startswith("COUNTED "):
                self.seconds = time.monotonic() - self.started
                counted = json.loads(line[len("COUNTED "):])
                if counted["refused"]:
                    raise RuntimeError(f"{counted['refused']} events were refused, {counted['accepted']} accepted,"
                                       f" the last status was {counted['last_status']}")
                return
        raise RuntimeError("wrk ended before all events were accepted")


def exchange(connection, method, path, body=None, headers=None):
    """One request on a kept-alive connection; returns its status and the decoded JSON."""
    connection.request(method, path, body=body, headers=headers or {})
    response = connection.getresponse()
    said = response.read()
    try:
        return response.status, json.loads(said or b"null")
    except ValueError:
        return response.status, said.decode(errors="replace")


def drain(events, function, count, release):
    """Lets a backlog run by calling `release`; events a second while `count` of them are done."""
    before = events.done(function)
    release()
    samples = statistic.watch(lambda: events.done(function) - before, count)
    return statistic.middle_rate(samples, count)


def end_to_end(events, function, path, count, connections):
    """Events a second from the first publish until the queue is empty again."""
    before = events.done(function)
    with events.publish(path, count, connections) as publishing:
        publishing.wait()
        events.wait_until_empty(function)
        seconds = time.monotonic() - publishing.started
        return (events.done(function) - before) / seconds
