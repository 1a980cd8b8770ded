"""The sending half of a peer, run by the virtual environment's Python.

    burst COUNT BYTES THREADS   COUNT events as fast as it goes
    paced COUNT BYTES RATE      one after the other; each is stamped by its worker

Prints `ready` before the first event, and JSON behind the last.
"""

import json
import os
import sys
import threading
import time


def burst(send, count, size, threads):
    payload = "x" * size

    def work(share):
        for _ in range(share):
            send("trivial", payload)

    shares = [count // threads + (number < count % threads) for number in range(threads)]
    running = [threading.Thread(target=work, args=(share,)) for share in shares]
    print("ready", flush=True)
    started = time.monotonic()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    print(json.dumps({"seconds": time.monotonic() - started}), flush=True)


def paced(send, count, size, rate):
    payload, accepted = "x" * size, []
    print("ready", flush=True)
    started = time.monotonic()
    for number in range(count):
        time.sleep(max(0, started + number / rate - time.monotonic()))
        sent = time.time_ns()
        send("stamp", number, payload)
        accepted.append([sent, time.time_ns()])
    print(json.dumps({"accepted": accepted}), flush=True)


def give_up(failure):
    print(f"publisher: {failure.exc_type.__name__}: {failure.exc_value}", file=sys.stderr, flush=True)
    os._exit(1)


def main(send):
    """`send(task, *arguments)` returns when the broker has answered."""
    threading.excepthook = give_up
    kind, count, size, last = sys.argv[1], *map(int, sys.argv[2:5])
    send_all = {"burst": burst, "paced": paced}[kind]
    send_all(send, count, size, last)
