"""Dependencies point to lower layers only.

A layer begins with a comment among the targets of Package.swift, `// L2: title`. After `// Apart: title` come programs
that depend on L0 alone and that nothing depends on. After `// Tests: title` come targets that may depend on anything,
and that only tests depend on.
"""
import re

from checks import Finding


def check(package):
    layers = {target.name: target.layer for target in package.targets}
    yield from check_markers(package)
    for target in package.targets:
        if target.layer is None:
            yield Finding("Package.swift", target.line, "target '%s' is in no layer: put it below a comment such as "
                          "`// L1: title`" % target.name)
            continue
        for dependency in target.dependencies:
            fault = fault_of(target.layer, layers.get(dependency)) if isinstance(dependency, str) else None
            if fault:
                yield Finding("Package.swift", target.line, "target '%s' (%s) depends on '%s' (%s): %s" % (
                    target.name, target.layer, dependency, layers.get(dependency) or "no target", fault))


def check_markers(package):
    names = [layer.name for layer in package.layers]
    numbers = [int(name[1:]) for name in names if re.fullmatch(r"L\d+", name)]
    if numbers != list(range(len(numbers))) or len(set(names)) != len(names):
        line = package.layers[0].line if package.layers else 1
        yield Finding("Package.swift", line, "the layers are %s: number them from L0 upwards, each once" % (
            ", ".join(names) or "missing"))


def fault_of(layer, below):
    """What is wrong with a dependency, or None."""
    if below is None:
        return "there is no such target with a layer"
    if below == "Apart":
        return "nothing may depend on a program that stands apart"
    if layer == "Tests":
        return None
    if below == "Tests":
        return "only tests may depend on it"
    if layer == "Apart":
        return None if below == "L0" else "a program that stands apart may depend on L0 alone"
    if int(below[1:]) >= int(layer[1:]):
        return "dependencies point to lower layers only. Move what both need down, or take it as a protocol"
    return None
