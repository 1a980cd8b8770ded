"""Results as a table for people and as JSON for machines."""

import json
import os
import platform
import subprocess
import time

from lib.controller import REPOSITORY


def table(header, rows):
    """A Markdown table whose columns are aligned. Numbers stand right."""
    cells = [header] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]

    def line(row):
        padded = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join([":" + "-" * (widths[0] + 1)] + ["-" * (width + 1) + ":" for width in widths[1:]]) + "|"
    return "\n".join([line(cells[0]), rule] + [line(row) for row in cells[1:]])


def machine():
    """What the figures were measured on."""
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for text in file:
            if text.startswith("model name"):
                model = text.partition(":")[2].strip()
                break
    return {
        "processor": model, "cores": len(os.sched_getaffinity(0)), "kernel": platform.release(),
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "commit": _commit(),
    }


def write(name, results):
    """Writes the JSON below .build/benchmarks and says where."""
    path = os.path.join(REPOSITORY, ".build", "benchmarks", f"{name}.json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        dump(results, file)
    print(f"\nAll rounds: {os.path.relpath(path, REPOSITORY)}")


def dump(results, file):
    """Writes the JSON to an open file, with the machine that it was measured on."""
    json.dump({"machine": machine(), **results}, file, indent=1)
    file.write("\n")


def bar(text, value, limit, at_most=True):
    """One line that says whether a bar is reached."""
    reached = value <= limit if at_most else value >= limit
    word, side = "reached" if reached else "MISSED ", "most" if at_most else "least"
    print(f"{word}  {text}: {value:.3g} (bar: at {side} {limit:g})")
    return reached


def _commit():
    done = subprocess.run(["git", "-C", REPOSITORY, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() or None
