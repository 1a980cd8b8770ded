"""The parts of Benchmarks/events: each starts what it needs, measures every row in turn, and returns all rounds."""

import contextlib
import sys
import tempfile

from lib import disk, glo_events, processes, statistic, task_queues
from lib.controller import Controller, handler
from lib.redis_server import RedisServer

CONNECTIONS = [1, 16, 64]
PUBLISHING_CONNECTIONS = 16
PUBLISHING_THREADS = 4  # of a peer's Python process: more get less done
SMALL_BACKLOG, SMALL_BACKLOG_RUNS = 1000, 5
HELD = "async: {rate: 1/h}\n"  # takes events and keeps them: the first runs, the next in an hour

LAMBDA = "contract: lambda\n"
WORKERS = {
    "2 workers": "workers: {min: 2, max: 2}\n",
    "1 worker, 16 at once": "workers: {min: 1, max: 1, concurrency: 16}\n",
}


def say(text):
    print(text, file=sys.stderr, flush=True)


def turned(items, number):
    """The items, beginning with another one in each round."""
    shift = number % len(items)
    return items[shift:] + items[:shift]


def fdatasync_cell():
    """What the file system takes for 512 bytes just now: it changes, and every figure here changes with it."""
    return quantiles("append", [us / 1000 for us in disk.append_us(tempfile.gettempdir())])


# 202s per second


def accept(options):
    """A function that is held back takes the events, so that only accepting them is measured."""
    cells, syncs = {}, []
    for number in range(options.rounds):
        syncs.append(fdatasync_cell())
        with contextlib.ExitStack() as stack:
            systems = accepting_systems(stack, options)  # new in each round, so that every round begins empty
            for connections in CONNECTIONS:
                for name in turned(list(systems), number):
                    cell = systems[name](connections)
                    cells.setdefault(name, {}).setdefault(str(connections), []).append(cell)
                    say(f"round {number + 1}/{options.rounds}  {name:<22} c={connections:<3}"
                        f" {cell['per_second']:>8.0f} /s  p50 {cell['p50_ms']:.2f} ms  errors {cell.get('errors', 0)}")
    return {"cells": cells, "fdatasync": syncs}


def accepting_systems(stack, options):
    systems = {}
    if options.only != "others":
        events = started_glo(stack, options)
        events.glo.deploy("sink", {"bootstrap": handler("lambda_concurrent")}, LAMBDA + HELD)
        events.post_one("/sink")  # takes the one token that the rate has
        events.wait_until_empty("sink", seconds=120)
        systems["Glo, 202"] = lambda connections: events.accept_rate("/sink", connections, options.seconds)
    if options.only != "glo":
        redis = stack.enter_context(RedisServer("always"))
        systems["redis-benchmark, SET"] = lambda connections: redis.benchmark_set(
            connections, options.bytes, options.seconds)
    return systems


def started_glo(stack, options):
    """The events of a controller of the part's own: what one part leaves in the queue does not slow the next."""
    glo = stack.enter_context(Controller(options.isolation))
    glo.start()
    return glo_events.Events(glo, options.bytes)


# Events per second


class GloFunction:
    """A row of Glo: deployed for each round anew, held back at first."""

    def __init__(self, events, workers, options):
        self.events, self.workers = events, workers
        self.count = options.events
        self.rounds = 0

    def measure(self):
        self.rounds += 1
        name = f"run-{list(WORKERS).index(self.workers)}-{self.rounds}"
        manifest = LAMBDA + WORKERS[self.workers]
        release = deploy_held(self.events, name, manifest)
        publish = self.events.fill(f"/{name}", self.count, PUBLISHING_CONNECTIONS)
        drained = glo_events.drain(self.events, name, self.count, release)
        self.events.wait_until_empty(name)
        both = glo_events.end_to_end(self.events, name, f"/{name}", self.count, PUBLISHING_CONNECTIONS)
        self.events.glo.withdraw(name)
        return {"publish_per_second": publish, "drain_per_second": drained, "end_to_end_per_second": both,
                "events": self.count}


class Peer:
    """A row of Celery or RQ; Redis, workers and publisher are new in each round."""

    def __init__(self, count, *arguments):
        self.count, self.arguments = count, arguments

    def measure(self):
        kind, *arguments = self.arguments
        with kind(*arguments) as queue:
            return {**task_queues.measure(queue, self.count), "events": self.count}


def deploy_held(events, name, manifest):
    """Deploys a function that keeps its events; returns what lets them go."""
    events.glo.deploy(name, {"bootstrap": handler("lambda_concurrent")}, manifest + HELD)
    events.post_one(f"/{name}")  # takes the one token that the rate has
    events.wait_until_empty(name, seconds=120)
    return lambda: events.glo.replace_manifest(name, manifest)


def peers(environment, options):
    """The rows of Celery and RQ: {name: Peer}. Fewer events, since they take longer for each."""
    common = (PUBLISHING_THREADS, options.bytes)
    celery, rq = max(options.events // 4, 100), max(options.events // 20, 100)
    rows = {
        f"Celery prefork 2, acks {acks}, {fsync}": Peer(celery, task_queues.Celery, environment, fsync, *common, acks)
        for fsync in ("always", "everysec") for acks in ("late", "early")}
    for name, worker_class in (("forks", "rq.worker.Worker"), ("SimpleWorker", "rq.worker.SimpleWorker")):
        rows[f"RQ 2 workers, {name}, always"] = Peer(rq, task_queues.RQ, environment, "always", *common, worker_class)
    return rows


def throughput(environment, options):
    with contextlib.ExitStack() as stack:
        systems = {}
        if options.only != "others":
            events = started_glo(stack, options)
            systems |= {f"Glo, {workers}, always": GloFunction(events, workers, options) for workers in WORKERS}
        if environment:
            systems |= peers(environment, options)
        cells, syncs = {}, []
        for number in range(options.rounds):
            syncs.append(fdatasync_cell())
            for name in turned(list(systems), number):
                cell = systems[name].measure()
                cells.setdefault(name, []).append(cell)
                say(f"round {number + 1}/{options.rounds}  {name:<38} publish {cell['publish_per_second']:>6.0f} /s"
                    f"  drain {cell['drain_per_second']:>6.0f} /s  end to end {cell['end_to_end_per_second']:>6.0f} /s")
    return {"cells": cells, "fdatasync": syncs}


# From the 202 to the start


def latency_of_glo(events, options, number):
    name = f"clock-{number}"
    events.glo.deploy(name, {"bootstrap": handler("lambda_concurrent")},
               LAMBDA + "environment: {ECHO_CLOCK: '1'}\n" + WORKERS["1 worker, 16 at once"])
    events.post_one(f"/{name}")
    events.wait_until_empty(name, seconds=120)
    stamps = events.paced(f"/{name}", options.rate * options.seconds, options.rate)
    events.glo.withdraw(name)
    return stamps


def latency_of_peer(kind, environment, options, rate, **arguments):
    with kind(environment, "always", 1, options.bytes, **arguments) as queue:
        queue.start_workers()
        task_queues.finish(queue.burst(8))  # each worker has had one before it counts
        statistic.watch(queue.done, 8)
        return queue.paced(rate * options.seconds, rate)


def latency_systems(stack, environment, options):
    rate, slow = options.rate, max(options.rate // 5, 1)
    systems = {}
    if options.only != "others":
        events = started_glo(stack, options)
        systems[f"Glo, {rate}/s"] = lambda number: latency_of_glo(events, options, number)
    if environment:
        systems[f"Celery, acks late, {rate}/s"] = lambda _: latency_of_peer(
            task_queues.Celery, environment, options, rate)
        systems[f"RQ, SimpleWorker, {slow}/s"] = lambda _: latency_of_peer(
            task_queues.RQ, environment, options, slow, worker_class="rq.worker.SimpleWorker")
        systems[f"RQ, forks, {slow}/s"] = lambda _: latency_of_peer(task_queues.RQ, environment, options, slow)
    return systems


def latency(environment, options):
    cells, syncs = {}, []
    with contextlib.ExitStack() as stack:
        systems = latency_systems(stack, environment, options)
        for number in range(options.rounds):
            syncs.append(fdatasync_cell())
            for name in turned(list(systems), number):
                cell = latency_cell(systems[name](number))
                cells.setdefault(name, []).append(cell)
                say(f"round {number + 1}/{options.rounds}  {name:<28} accepted p50 {cell['accepted_p50_ms']:.2f} ms,"
                    f" started p50 {cell['started_p50_ms']:.2f} ms, p99 {cell['started_p99_ms']:.2f} ms later")
    return {"cells": cells, "fdatasync": syncs}


def latency_cell(stamps):
    """Milliseconds out of (sent, accepted, started) in nanoseconds; a start may come before the client has its 202."""
    return {
        **quantiles("accepted", [(accepted - sent) / 1e6 for sent, accepted, _ in stamps]),
        **quantiles("started", [(started - accepted) / 1e6 for _, accepted, started in stamps]),
        **quantiles("whole", [(started - sent) / 1e6 for sent, _, started in stamps])}


def quantiles(name, milliseconds):
    return {f"{name}_p50_ms": statistic.percentile(milliseconds, 0.5),
            f"{name}_p99_ms": statistic.percentile(milliseconds, 0.99)}


# A backlog


def backlog(options):
    """Rates with few and with many events waiting, on a controller of its own whose memory is looked at."""
    manifest = LAMBDA + WORKERS["1 worker, 16 at once"]
    with contextlib.ExitStack() as stack:
        events = started_glo(stack, options)
        small = []
        for number in range(SMALL_BACKLOG_RUNS):
            small.append(backlog_rate(events, f"small-{number}", manifest, SMALL_BACKLOG, SMALL_BACKLOG)[0])
            say(f"backlog of {SMALL_BACKLOG}: {small[-1]:.0f} events/s")
        before = memory(events.glo)
        many = min(20000, options.backlog)
        rate, filled, fill = backlog_rate(events, "large", manifest, options.backlog, many)
        say(f"backlog of {options.backlog}: {rate:.0f} events/s over the first {many}")
    return {"small_events": SMALL_BACKLOG, "small_per_second": small, "large_events": options.backlog,
            "large_measured_events": many, "large_per_second": rate, "fill_per_second": fill,
            "memory_before": before, "memory_filled": filled}


def backlog_rate(events, name, manifest, count, measured):
    """Fills, looks at the memory, lets go: (events/s of the first `measured`, memory, events/s of filling)."""
    release = deploy_held(events, name, manifest)
    fill = events.fill(f"/{name}", count, 64)
    filled = memory(events.glo)
    rate = glo_events.drain(events, name, measured, release)
    events.glo.withdraw(name)
    return rate, filled, fill


def memory(glo):
    return {"controller_kib": processes.pss_kib(glo.process.pid),
            "redis_kib": sum(processes.pss_kib(pid) for pid in glo.redis_pids())}
