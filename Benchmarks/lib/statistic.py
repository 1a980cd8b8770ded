"""Percentiles, and rates out of a progress that is looked at now and then."""

import time


def percentile(values, share):
    """The value below which `share` (0 to 1) of the values lie; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def watch(done, target, seconds=900, interval=0.01):
    """Looks at `done()` until it says `target`; returns what it said as [(monotonic seconds, count)]."""
    samples, deadline = [], time.monotonic() + seconds
    while not samples or samples[-1][1] < target:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{samples[-1][1]} of {target} after {seconds} s")
        count = done()
        samples.append((time.monotonic(), count))
        time.sleep(interval)
    return samples


def middle_rate(samples, target, low=0.05, high=0.95):
    """Events a second between two shares of the target, so that start and tail do not count."""
    first = next(sample for sample in samples if sample[1] >= low * target and sample[1] > 0)
    last = next(sample for sample in samples if sample[1] >= high * target)
    if last[0] <= first[0]:
        first = samples[0]
    return (last[1] - first[1]) / max(last[0] - first[0], 1e-9)
