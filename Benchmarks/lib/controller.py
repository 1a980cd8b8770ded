"""A controller of our own: own directories, own port, stopped by its process id, nothing left behind."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from lib import engine, ports, processes

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GLO = os.path.join(REPOSITORY, ".build", "release", "glo")
HANDLERS = os.path.join(REPOSITORY, ".build", "benchmarks")


class Controller:
    """`glo serve` on a functions directory of its own. A context manager."""

    def __init__(self, isolation="docker", program=GLO):
        self.program = program
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="glo-bench-"))
        os.chmod(self.root, 0o755)
        self.functions = os.path.join(self.root, "functions")
        self.state = os.path.join(self.root, "state")
        self.log = os.path.join(self.root, "serve.log")
        self.isolation = isolation
        self.port = ports.free()
        self.process = None
        os.makedirs(self.functions, mode=0o755)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    # Life

    def start(self):
        """Starts it and waits until it is ready; returns the seconds that this took."""
        started = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--functions", self.functions, "--state", self.state,
                 "--listen", f"127.0.0.1:{self.port}", "--isolation", self.isolation,
                 # wrk leaves connections behind whose calls still run; those of the next one come on top.
                 "--max-connections-per-address", "10000"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = started + 120
        while self.status("/_/ready") != 200:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the controller did not get ready:\n{self.log_tail()}")
            time.sleep(0.01)
        return time.monotonic() - started

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                print("warning: the controller did not stop within 60 s and was killed", file=sys.stderr)
                self.process.kill()
                self.process.wait()
        self.process = None
        for pid in self.redis_pids():
            print("warning: the controller's redis-server was left behind and was killed", file=sys.stderr)
            os.kill(pid, signal.SIGKILL)
        if self.isolation == "docker":
            for container in engine.containers_under(self.root):
                print(f"warning: container {container[:12]} was left by the controller", file=sys.stderr)
                engine.remove(container)

    def log_tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-20:])

    # Functions

    def deploy(self, name, files, manifest=None):
        """Puts a directory function in place at once. `files` maps a name to a path that is copied or to text."""
        staged = tempfile.mkdtemp(prefix=".stage-", dir=self.root)
        os.chmod(staged, 0o755)
        for file, content in files.items():
            write_file(os.path.join(staged, file), content)
        if manifest is not None:
            write_file(os.path.join(staged, "function.yaml"), manifest, mode=0o644)
        os.rename(staged, os.path.join(self.functions, name))

    def replace_manifest(self, name, manifest, seconds=60):
        """Gives a deployed function another manifest and waits until its new version serves."""
        before = self.version(name)
        path = os.path.join(self.root, f".stage-{name}.yaml")
        write_file(path, manifest, mode=0o644)
        os.rename(path, os.path.join(self.functions, name, "function.yaml"))
        deadline = time.monotonic() + seconds
        while self.version(name) == before:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} is still version {before} after {seconds} s:\n{self.log_tail()}")
            time.sleep(0.05)

    def withdraw(self, name):
        """Takes a function away at once."""
        gone = os.path.join(self.root, f".gone-{name}")
        os.rename(os.path.join(self.functions, name), gone)
        shutil.rmtree(gone)

    def deploy_file(self, name, content):
        """Puts a bare executable in place at once."""
        staged = os.path.join(self.root, f".stage-{name}")
        write_file(staged, content)
        os.rename(staged, os.path.join(self.functions, name))

    def wait_until_answers(self, path, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            status = self.status(path)
            if status == 200:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"{path} answers {status} after {seconds} s:\n{self.log_tail()}")
            time.sleep(0.05)

    def wait_for_workers(self, function, count, seconds=120):
        """Waits until so many workers of the function are ready."""
        deadline = time.monotonic() + seconds
        while sum(worker["state"] in ("idle", "busy") for worker in self.workers(function)) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{function} has not {count} workers after {seconds} s: {self.workers(function)}")
            time.sleep(0.1)

    # Asking

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def status(self, path):
        """The status of a GET, or None when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            return response.status
        except OSError:
            return None
        finally:
            connection.close()

    def cli(self, *arguments):
        """Runs the command line on our state; returns what it says as JSON."""
        done = subprocess.run(
            [self.program, *arguments, "--state", self.state, "-o", "json"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"glo {' '.join(arguments)}: exit code {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def function_names(self):
        """Names of the functions that serve."""
        listed = self.cli("ls")
        rows = listed if isinstance(listed, list) else listed.get("functions", [])
        return {row["name"] for row in rows if row.get("state", "active") == "active"}

    def version(self, name):
        """The version of the function that serves; None when there is none."""
        listed = self.cli("ls")
        rows = listed if isinstance(listed, list) else listed.get("functions", [])
        return next((row.get("version") for row in rows if row["name"] == name), None)

    def workers(self, function=None):
        listed = self.cli("ps")
        rows = listed if isinstance(listed, list) else listed.get("workers", [])
        return [row for row in rows if function is None or row.get("function") == function]

    # Processes

    def redis_pids(self):
        """The redis-server that the controller started, which works in its state directory."""
        return [pid for pid in processes.working_below(self.root) if processes.name(pid) == "redis-server"]

    def roots(self):
        """The controller and the first process of each of its containers: what its work costs is below these."""
        roots = [self.process.pid]
        if self.isolation == "docker":
            roots += [pid for pid in map(engine.pid, engine.containers_under(self.root)) if pid]
        return roots

    def idle_cpu_share(self, seconds):
        """The controller's share of one core while nothing happens."""
        before, started = processes.running_ns(self.process.pid), time.monotonic()
        time.sleep(seconds)
        return (processes.running_ns(self.process.pid) - before) / 1e9 / (time.monotonic() - started)


def write_file(path, content, mode=0o755):
    """Writes text, or copies the file that an absolute path names."""
    if content.startswith("/"):
        shutil.copyfile(content, path)
    else:
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
    os.chmod(path, mode)


def handler(name):
    """The path of a built handler."""
    return os.path.join(HANDLERS, name)
