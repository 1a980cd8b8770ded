"""The map of targets in docs/design/architecture.md agrees with Package.swift: the layers, their titles and their targets.

In the map, a layer is a heading, `### L2: title`, and a target is an item of a list, "- `Name`: what it is".
"""
import re

from checks import Finding

MAP = "docs/design/architecture.md"
HEADING = re.compile(r"### (L\d+|Apart): (.+)")
ENTRY = re.compile(r"- `([\w-]+)`: \S.*")


def check(package, root):
    path = root / MAP
    drawn = entries(path.read_text() if path.exists() else "")
    expected = entries_of(package)
    if not drawn:
        yield Finding(MAP, None, "has no map of targets: write headings `### L0: title` with items \"- `Name`: ...\"")
        return
    for name in expected:
        if name not in drawn:
            yield Finding(MAP, None, "%s is missing, and Package.swift has it%s: add it" % (
                name, " in %s" % expected[name][0] if expected[name][0] else ""))
    for name, (layer, line) in drawn.items():
        if name not in expected:
            yield Finding(MAP, line, "%s is not in Package.swift: remove it or correct it" % name)
        elif layer != expected[name][0]:
            yield Finding(MAP, line, "%s is in %s here, and in %s in Package.swift" % (name, layer, expected[name][0]))


def entries_of(package):
    """What the map must show: "layer 'L0: title'" and "target 'Name'", each with its layer and its line."""
    shown = {"layer '%s: %s'" % (layer.name, layer.title): (None, layer.line)
             for layer in package.layers if layer.name != "Tests"}
    shown.update({"target '%s'" % target.name: (target.layer, target.line)
                  for target in package.targets if target.layer not in ("Tests", None)})
    return shown


def entries(text):
    """The same of the page. A list below another heading is not part of the map."""
    shown, layer = {}, None
    for number, line in enumerate(text.split("\n"), 1):
        heading, entry = HEADING.fullmatch(line), ENTRY.match(line)
        if heading:
            layer = heading.group(1)
            shown["layer '%s: %s'" % heading.groups()] = (None, number)
        elif line.startswith("#"):
            layer = None
        elif entry and layer:
            shown["target '%s'" % entry.group(1)] = (layer, number)
    return shown
