"""What the workers of Celery and RQ run. It imports next to nothing, since RQ imports it in each of its forks.

A task says that it ran by appending to the file BENCH_DONE: a byte costs 1 µs and cannot be lost by what is measured.
"""

import os
import time

DONE = os.open(os.environ["BENCH_DONE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)


def trivial(payload):
    os.write(DONE, b".")


def stamp(number, payload):
    os.write(DONE, b"%d %d\n" % (number, time.time_ns()))
