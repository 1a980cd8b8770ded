"""RQ's publisher. Tasks go by name; results are not kept."""

import os

from redis import Redis
from rq import Queue

import publisher

queue = Queue("default", connection=Redis(unix_socket_path=os.environ["BENCH_REDIS"]))
publisher.main(lambda name, *arguments: queue.enqueue(f"tasks.{name}", args=arguments, result_ttl=0))
