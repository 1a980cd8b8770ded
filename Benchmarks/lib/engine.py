"""The container engine, asked over its Unix socket: which containers are ours, and their processes."""

import json
import os

from lib import unix_http


def call(method, path):
    """One call; returns the decoded answer, or None when it is empty."""
    host = os.environ.get("DOCKER_HOST", "")
    connection = unix_http.Connection(host[len("unix://"):] if host.startswith("unix://") else "/var/run/docker.sock")
    try:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status >= 400:
        raise RuntimeError(f"{method} {path}: {response.status} {body.decode(errors='replace')}")
    return json.loads(body) if body else None


def containers_under(directory):
    """Ids of all containers that mount something below `directory`."""
    prefix = os.path.realpath(directory) + "/"
    return [
        container["Id"] for container in call("GET", "/containers/json?all=1")
        if any((mount.get("Source") or "").startswith(prefix) for mount in container.get("Mounts", []))
    ]


def pid(container):
    """The container's first process as the host sees it; 0 when it does not run."""
    try:
        return call("GET", f"/containers/{container}/json")["State"]["Pid"]
    except RuntimeError:
        return 0


def remove(container):
    call("DELETE", f"/containers/{container}?force=1&v=1")
