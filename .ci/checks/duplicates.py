"""A name of a top-level type means one thing in all targets of Sources/."""
import collections

from checks import LISTS, Finding, lists, unused_entries


def check(package, sources):
    doubled = duplicates(package, sources)
    listed = set(lists.DUPLICATES_KEPT) | set(lists.DUPLICATES_TO_GO)
    for name in sorted(set(doubled) - listed):
        (path, line), *others = doubled[name].values()
        yield Finding(path, line, "type '%s' is also declared at %s: move one to a layer below both, or rename one" % (
            name, ", ".join("%s:%d" % other for other in others)))
    if len(lists.DUPLICATES_KEPT) > lists.DUPLICATES_KEPT_AT_MOST:
        yield Finding(LISTS, None, "DUPLICATES_KEPT has %d entries and may have %d: rename a type" % (
            len(lists.DUPLICATES_KEPT), lists.DUPLICATES_KEPT_AT_MOST))
    yield from unused_entries("DUPLICATES_KEPT", lists.DUPLICATES_KEPT, doubled)
    yield from unused_entries("DUPLICATES_TO_GO", lists.DUPLICATES_TO_GO, doubled)


def duplicates(package, sources):
    """Names that two or more targets declare, with the first place in each target."""
    places = collections.defaultdict(dict)
    for target in package.targets:
        if not target.path.startswith("Sources/"):
            continue
        for source in sources.swift(target):
            for name, line in source.types:
                places[name].setdefault(target.name, (source.path, line))
    return {name: found for name, found in places.items() if len(found) > 1}
