"""One run of wrk, with its own CPU time."""

import json
import os
import subprocess

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wrk_report.lua")


class Load:
    """What one run measured; times in microseconds."""

    def __init__(self, report, wrk_cpu_us):
        self.requests = report["requests"]
        self.per_second = report["requests"] * 1e6 / report["duration_us"]
        self.p50_us = report["p50_us"]
        self.p99_us = report["p99_us"]
        self.errors = report["bad_status"] + report["socket_errors"]
        self.wrk_cpu_us = wrk_cpu_us


def command_line(url, connections, seconds, script, arguments=()):
    """One thread of wrk with a script of ours; the arguments go to its init."""
    return ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script, url, "--",
            *map(str, arguments)]


def run(url, connections, seconds, script=SCRIPT, arguments=()):
    """Loads `url` with one thread of wrk; returns a Load."""
    before = os.times()
    command = command_line(url, connections, seconds, script, arguments)
    done = subprocess.run(command, capture_output=True, text=True)
    after = os.times()
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            cpu = after.children_user - before.children_user + after.children_system - before.children_system
            return Load(json.loads(line[len("RESULT "):]), cpu * 1e6)
    raise RuntimeError(f"wrk gave no result: {done.stdout}{done.stderr}")
