"""What a finished build links: no Foundation on the hot path, and no library at all in glo-init.

The compiler writes into each object which libraries its imports need (`-lFoundation`, for the linker). That includes
what imported modules import themselves, which the `import` lines of the sources do not show.
"""
import json
import re
import subprocess

from checks import Finding, foundation, lists, manifest, unused_entries

ASKED = re.compile(rb"-l(Foundation\w*)")
NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
NOT_NEEDED = re.compile(r"lib(Foundation|_Foundation|swift)")


def check(package, build):
    yield from check_targets(package, build)
    yield from check_programs(build)


def check_targets(package, build):
    hot, essentials = foundation.hot_targets(package), set()
    for target in package.targets:
        if target.name not in hot or target.layer == "L0":
            continue
        objects = objects_of(build, target)
        if not objects:
            yield Finding(str(build), None, "has no objects of target '%s': build the release first" % target.name)
        libraries = {library.decode() for file in objects for library in ASKED.findall(file.read_bytes())}
        if target.name in lists.LINKED_ESSENTIALS and "FoundationEssentials" in libraries:
            essentials.add(target.name)
            libraries.remove("FoundationEssentials")
        for library in sorted(libraries):
            yield Finding(str(build), None, "target '%s' is on the hot path and links %s: find the import, or the "
                          "imported module that imports it" % (target.name, library))
    yield from unused_entries("LINKED_ESSENTIALS", lists.LINKED_ESSENTIALS, essentials)


def objects_of(build, target):
    """The objects of the target's files. The directory may hold others, of files that were removed."""
    directory = build / (manifest.module_of(target.name) + ".build")
    names = directory / "output-file-map.json"
    if not names.exists():
        return []
    mapped = [entry.get("object", "").rsplit("/", 1)[-1] for entry in json.loads(names.read_text()).values()]
    return [directory / name for name in mapped if (directory / name).is_file()]


def check_programs(build):
    """glo-init is one static file, and glo runs on a machine without a toolchain."""
    for name, fault_of in (("glo-init", fault_of_init), ("glo", fault_of_glo)):
        if not (build / name).is_file():
            yield Finding(str(build), None, "has no program '%s': build the release first" % name)
            continue
        fault = fault_of(subprocess.run(
            ["readelf", "--wide", "--program-headers", "--dynamic", str(build / name)],
            check=True, stdout=subprocess.PIPE, text=True).stdout)
        if fault:
            yield Finding(str(build / name), None, fault)


def fault_of_init(headers):
    if re.search(r"^\s*INTERP\s", headers, re.MULTILINE) or NEEDED.search(headers):
        return "is linked dynamically, and a container has no libraries for it: link it statically"
    return None


def fault_of_glo(headers):
    libraries = [library for library in NEEDED.findall(headers) if NOT_NEEDED.match(library)]
    if libraries:
        return "needs %s from a toolchain: link with --static-swift-stdlib" % ", ".join(libraries)
    return None
