"""The tables of Benchmarks/events."""

import statistics

from lib import report

MARK = "redis-benchmark, SET"


def show(results):
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    print(f"\n{results['options']['bytes']} bytes an event, file system {results['file_system']}; {versions}."
          " Medians over the rounds.")
    for part, table in (("accept", accept), ("throughput", throughput), ("latency", latency), ("backlog", backlog)):
        if part in results:
            found = results[part]
            table(found.get("cells", found))
            if "fdatasync" in found:
                syncs = [f"{one['append_p50_ms']:.2f}" for one in found["fdatasync"]]
                print(f"\nOne write and fdatasync of 512 bytes took {', '.join(syncs)} ms (p50) before each round.")


def medians(rounds):
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}


def accept(cells):
    rows = []
    for connections in next(iter(cells.values())):
        mark = medians(cells[MARK][connections]) if MARK in cells else None
        for name, columns in cells.items():
            cell = medians(columns[connections])
            ratio = f"{cell['per_second'] / mark['per_second']:.2f}" if mark and name != MARK else ""
            errors = sum(one.get("errors", 0) for one in columns[connections])
            rows.append([f"{name}, {connections} connection{'s' if connections != '1' else ''}",
                         f"{cell['per_second']:.0f}", f"{cell['p50_ms']:.2f}", f"{cell['p99_ms']:.2f}", errors, ratio])
    print("\nAccepting: every one fsynced before its answer\n")
    print(report.table(["system", "per second", "p50 ms", "p99 ms", "errors", "× SET"], rows))


def throughput(cells):
    rows = []
    for name, rounds in cells.items():
        cell = medians(rounds)
        rows.append([name, f"{cell['end_to_end_per_second']:.0f}", f"{cell['drain_per_second']:.0f}",
                     f"{cell['publish_per_second']:.0f}", f"{cell['events']:.0f}"])
    print("\nEvents per second, handler that does nothing\n")
    print(report.table(["system, appendfsync", "end to end", "drain alone", "publish alone", "events"], rows))


def latency(cells):
    rows = []
    for name, rounds in cells.items():
        cell = medians(rounds)
        keys = [f"{what}_{share}_ms" for what in ("accepted", "started", "whole") for share in ("p50", "p99")]
        rows.append([name] + [f"{cell[key]:.2f}" for key in keys])
    print("\nMilliseconds at a low rate, one connection\n")
    print(report.table(["system", "send to 202, p50", "p99", "202 to start, p50", "p99", "send to start, p50", "p99"],
                       rows))


def backlog(found):
    def mib(memory, name):
        return f"{found[memory][name] / 1024:.1f}"

    print("\nWith a backlog\n")
    print(report.table(["events waiting", "events/s", "controller PSS MiB", "redis-server PSS MiB"], [
        [str(found["small_events"]), f"{statistics.median(found['small_per_second']):.0f}",
         mib("memory_before", "controller_kib"), mib("memory_before", "redis_kib")],
        [str(found["large_events"]), f"{found['large_per_second']:.0f}",
         mib("memory_filled", "controller_kib"), mib("memory_filled", "redis_kib")]]))
    print(f"\nThe backlog was filled at {found['fill_per_second']:.0f} events/s; the memory beside"
          f" {found['small_events']} is that with an empty queue.")
