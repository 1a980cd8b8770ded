"""Celery's side: the application that its workers load, and, as a program, the publisher."""

import os

from celery import Celery

import tasks

app = Celery("bench", broker="redis+socket://" + os.environ["BENCH_REDIS"])
app.conf.update(
    task_ignore_result=True,
    task_acks_late=os.environ.get("BENCH_ACKS") == "late",
    broker_connection_retry_on_startup=True,
    broker_pool_limit=64,
)
TASKS = {name: app.task(getattr(tasks, name), name=f"bench.{name}") for name in ("trivial", "stamp")}

if __name__ == "__main__":
    import publisher

    publisher.main(lambda name, *arguments: TASKS[name].apply_async(arguments))
