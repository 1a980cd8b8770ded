"""Nothing on the hot path imports Foundation. Other targets that do are listed with a reason.

Foundation brings megabytes of ICU, takes time at the start, and its types allocate. FoundationEssentials is its smaller
part, listed separately.
"""
from checks import Finding, lists, unused_entries

LISTED = {"Foundation": "FOUNDATION", "FoundationEssentials": "FOUNDATION_ESSENTIALS"}


def hot_targets(package):
    """The listed targets and all that they depend on in the package."""
    named = {target.name: target for target in package.targets}
    hot, waiting = set(), [name for name in lists.HOT_PATH if name in named]
    while waiting:
        name = waiting.pop()
        if name not in hot:
            hot.add(name)
            waiting += [other for other in named[name].dependencies if other in named]
    return hot


def check(package, sources):
    hot = hot_targets(package)
    used = {module: set() for module in LISTED}
    for target in package.targets:
        if target.layer == "Tests":
            continue
        for source in sources.swift(target):
            for module, line in source.imports:
                if not module.startswith("Foundation"):
                    continue
                used.setdefault(module, set()).add(target.name)
                fault = fault_of(target.name, module, hot)
                if fault:
                    yield Finding(source.path, line, fault)
    for module, name in LISTED.items():
        yield from unused_entries(name, getattr(lists, name), used[module])
    yield from unused_entries("HOT_PATH", lists.HOT_PATH, {target.name for target in package.targets})


def fault_of(target, module, hot):
    """What is wrong with an import of a part of Foundation, or None."""
    if target in hot:
        return "imports %s, and target '%s' is on the hot path: do without it" % (module, target)
    if module not in LISTED:
        return "imports %s: do without it" % module
    if target in getattr(lists, LISTED[module]):
        return None
    smaller = " or take FoundationEssentials" if module == "Foundation" else ""
    return "imports %s: do without it%s, or give the reason in %s of .ci/checks/lists.py" % (
        module, smaller, LISTED[module])
