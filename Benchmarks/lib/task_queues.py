"""Celery and RQ as things to compare with: workers and publisher out of a virtual environment, a Redis of their own."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from lib import statistic
from lib.redis_server import RedisServer

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")


class TaskQueue:
    """Redis, publisher and workers of one configuration. A context manager; the workers start when asked to."""

    publisher = None  # the program in lib/peers

    def __init__(self, environment, fsync, connections, size):
        self.python = environment.python
        self.root = tempfile.mkdtemp(prefix="glo-bench-tasks-")
        self.done_file = os.path.join(self.root, "done")
        self.connections, self.size = connections, size
        self.redis = RedisServer(fsync)
        self.workers = []

    def worker_commands(self):
        raise NotImplementedError

    def __enter__(self):
        try:
            self.redis.__enter__()
        except BaseException:
            shutil.rmtree(self.root, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_):
        self.stop_workers()
        self.redis.__exit__()
        shutil.rmtree(self.root, ignore_errors=True)

    # Workers

    def start_workers(self):
        with open(os.path.join(self.root, "workers.log"), "ab") as log:
            for command in self.worker_commands():
                self.workers.append(subprocess.Popen(
                    command, cwd=PEERS, env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True))

    def stop_workers(self):
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            try:
                worker.wait(15)
            except subprocess.TimeoutExpired:
                pass
            kill_group(worker)  # prefork children and work horses are of the same session
        self.workers = []

    # Events

    def done(self):
        """How many tasks have run: one byte each."""
        if any(worker.poll() is not None for worker in self.workers):
            with open(os.path.join(self.root, "workers.log"), encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"a worker of {type(self).__name__} ended:\n{''.join(log.readlines()[-20:])}")
        try:
            return os.stat(self.done_file).st_size
        except FileNotFoundError:
            return 0

    def burst(self, count):
        """Starts to publish `count` events; returns the process, which stands before its first event."""
        return self._publish("burst", count, self.size, self.connections)

    def paced(self, count, rate):
        """One event after the other, when workers are up; [(sent, accepted, started)] in ns of CLOCK_REALTIME."""
        with open(self.done_file, "w", encoding="ascii"):
            pass
        accepted = finish(self._publish("paced", count, self.size, rate))["accepted"]
        statistic.watch(lambda: len(self._stamps()), count, seconds=60)
        started = self._stamps()
        return [(sent, taken, started[number]) for number, (sent, taken) in enumerate(accepted)]

    def _stamps(self):
        with open(self.done_file, encoding="ascii") as file:
            return dict(map(int, line.split()) for line in file if line.endswith("\n"))

    def _publish(self, *arguments):
        publisher = subprocess.Popen(
            [self.python, self.publisher, *map(str, arguments)], cwd=PEERS, env=self._environment(), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if publisher.stdout.readline() != "ready\n":
            publisher.kill()
            publisher.wait()
            raise RuntimeError(f"the publisher {self.publisher} did not start")
        return publisher

    def _environment(self):
        return {**os.environ, "BENCH_REDIS": self.redis.socket, "BENCH_DONE": self.done_file,
                "PYTHONDONTWRITEBYTECODE": "1"}


class Celery(TaskQueue):
    """Prefork with two processes; `acks` is early (Celery's default: taken, then run) or late."""

    publisher = "celery_app.py"

    def __init__(self, environment, fsync, connections, size, acks="late"):
        super().__init__(environment, fsync, connections, size)
        self.acks = acks

    def worker_commands(self):
        return [[self.python, "-m", "celery", "-A", "celery_app", "worker", "--pool", "prefork", "--concurrency", "2",
                 "--loglevel", "WARNING"]]

    def _environment(self):
        return {**super()._environment(), "BENCH_ACKS": self.acks, "C_FORCE_ROOT": "1"}


class RQ(TaskQueue):
    """Two workers. The default one forks for each job, SimpleWorker runs it in its own process."""

    publisher = "rq_app.py"

    def __init__(self, environment, fsync, connections, size, worker_class="rq.worker.Worker"):
        super().__init__(environment, fsync, connections, size)
        self.worker_class = worker_class

    def worker_commands(self):
        command = [self.python, "-m", "rq.cli", "worker", "--url", f"unix://{self.redis.socket}", "--path", PEERS,
                   "--worker-class", self.worker_class, "--quiet", "--disable-job-desc-logging"]
        return [command, command]


def finish(publisher):
    """Waits for a publisher; returns what it printed at its end."""
    try:
        said, _ = publisher.communicate()
    finally:
        publisher.kill()
        publisher.wait()
    if publisher.returncode != 0:
        raise RuntimeError(f"the publisher failed with exit code {publisher.returncode}")
    return json.loads(said)


def kill_group(process):
    """Ends whatever is left of the session that the process leads."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def measure(queue, count):
    """One round: publish with nobody listening, drain that, then publish and run at once. Events a second."""
    waiting = finish(queue.burst(count))["seconds"]
    queue.start_workers()
    drained = statistic.watch(queue.done, count)
    publisher = queue.burst(count)
    started = time.monotonic()
    try:
        both = statistic.watch(queue.done, 2 * count)
        finish(publisher)
    finally:
        publisher.kill()
        publisher.wait()
    return {
        "publish_per_second": count / waiting,
        "drain_per_second": statistic.middle_rate(drained, count),
        "end_to_end_per_second": count / (both[-1][0] - started),
    }
