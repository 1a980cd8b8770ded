"""The package as SwiftPM reads it (`swift package dump-package`), with what that leaves out: the layers, which stand as
comments in Package.swift, and the lines.
"""
import collections
import functools
import json
import os
import pathlib
import re
import subprocess
import tempfile

LAYER = re.compile(r"^ *// (L\d+|Apart|Tests): (.+)$", re.MULTILINE)
# `library("Name"`, or `tests("Name"` for NameTests, or `.target(name: "Name"`.
DECLARED = r'^ *(?:%s\(\s*"%s"|\.\w+\(\s*name: "%s")'
PACKAGE = r'\.package\(\s*\w+: "[^"]*\b%s(?:\.git)?/?"'

Layer = collections.namedtuple("Layer", "name title line")
Product = collections.namedtuple("Product", "name package")
PackageDependency = collections.namedtuple("PackageDependency", "name line")
Package = collections.namedtuple("Package", "targets layers packages")

# `layer` is the name of a Layer ("L2"), "Apart", "Tests", or None where no marker stands above the target.
# `dependencies` are names of targets (str) and Products.
Target = collections.namedtuple("Target", "name kind path dependencies sources exclude layer line")


class ManifestError(Exception):
    """SwiftPM cannot read the manifest, or it declares something in a way that is not found in its text."""


def module_of(target_name):
    """The name to import: a module's name cannot have a hyphen."""
    return target_name.replace("-", "_")


def source_files(root, target, endings):
    """The files of a target with one of the endings, without what the manifest excludes."""
    base = root / target.path
    places = [base / source for source in target.sources] or [base]
    excluded = [base / path for path in target.exclude]
    files = [file for place in places for file in sorted(place.rglob("*")) if file.suffix in endings]
    return [file for file in files if not any(path == file or path in file.parents for path in excluded)]


def read_package(root):
    """The package whose manifest lies in the directory."""
    return package_of((pathlib.Path(root) / "Package.swift").read_text())


@functools.lru_cache(maxsize=None)
def package_of(text):
    described = dump(text)
    layers = [Layer(found.group(1), found.group(2), line_of(text, found.start())) for found in LAYER.finditer(text)]
    packages = [package_dependency(text, item) for item in described["dependencies"]]
    return Package([make_target(text, layers, item) for item in described["targets"]], layers, packages)


def dump(text):
    """SwiftPM's own reading of a manifest, which needs nothing beside it."""
    with tempfile.TemporaryDirectory() as directory:
        (pathlib.Path(directory) / "Package.swift").write_text(text)
        run = subprocess.run(
            ["swift", "package", "--package-path", directory, "dump-package"], capture_output=True, text=True,
            env={**os.environ, "TMPDIR": directory})  # It leaves directories in there.
    if run.returncode != 0:
        raise ManifestError("Package.swift cannot be read: %s" % (run.stderr.strip() or "swift failed"))
    return json.loads(run.stdout)


def make_target(text, layers, item):
    name, is_test = item["name"], item["type"] == "test"
    line = declaration(text, name, is_test)
    if not line:
        raise ManifestError("Package.swift declares target '%s' in a way that .ci/checks/manifest.py does not find: write "
                            "library(\"%s\", …) or .target(name: \"%s\", …)" % (name, name, name))
    path = item.get("path") or ("Tests/" if is_test else "Sources/") + name
    above = [layer.name for layer in layers if layer.line < line]
    return Target(
        name, item["type"], path, [dependency(value) for value in item["dependencies"]],
        item.get("sources") or [], item["exclude"], above[-1] if above else None, line)


def dependency(value):
    """A target by its name, however that is written, or a product of another package."""
    (kind, parts), = value.items()
    return Product(parts[0], parts[1]) if kind == "product" else parts[0]


def package_dependency(text, item):
    """The name by which SwiftPM knows a package: the last part of its URL or directory."""
    identity = next(iter(item.values()))[0]["identity"]
    found = re.search(PACKAGE % re.escape(identity), text, re.IGNORECASE)
    return PackageDependency(identity, line_of(text, found.start()) if found else 1)


def declaration(text, name, is_test):
    """The line where a target is declared."""
    function, argument = ("tests", name.removesuffix("Tests")) if is_test else ("library", name)
    pattern = DECLARED % (function, re.escape(argument), re.escape(name))
    found = re.compile(pattern, re.MULTILINE).search(text, text.rfind("targets: ["))
    return line_of(text, found.start()) if found else None


def line_of(text, position):
    return text.count("\n", 0, position) + 1
