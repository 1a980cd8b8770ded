"""CPU time and memory of processes, out of /proc."""

import os

TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")


def _stat(pid):
    """The fields of /proc/PID/stat from the third on, or None when the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            return file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree(roots):
    """The ids of these processes and of everything below them."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            stat = _stat(entry)
            if stat:
                children.setdefault(int(stat[1]), []).append(int(entry))
    found, waiting = [], list(dict.fromkeys(roots))
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.append(pid)
            waiting.extend(children.get(pid, []))
    return found


def working_below(directory):
    """The ids of the processes whose working directory is below this one."""
    prefix, found = os.path.realpath(directory) + "/", []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.readlink(f"/proc/{entry}/cwd").startswith(prefix):
                found.append(int(entry))
        except OSError:
            pass  # gone, or not ours to see
    return found


def cpu_us(roots):
    """CPU time of these trees so far, that of children which have ended included. Microseconds, to 10 ms."""
    total = 0
    for pid in tree(roots):
        stat = _stat(pid)
        if stat:
            total += sum(int(field) for field in stat[11:15])
    return total * TICK_US


def running_ns(pid):
    """CPU time of all threads of one process, in nanoseconds."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total


def machine_busy_us():
    """CPU time of the whole machine so far, idle and I/O wait left out."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) * TICK_US


def pss_kib(pid):
    """Proportional set size of one process in KiB; its files count by their share."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1])
    raise RuntimeError(f"/proc/{pid}/smaps_rollup has no Pss")


def parent(pid):
    stat = _stat(pid)
    return int(stat[1]) if stat else 0


def name(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except FileNotFoundError:
        return "gone"
