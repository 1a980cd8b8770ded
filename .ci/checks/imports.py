"""Every imported module is a declared dependency, and every declared dependency is imported."""
import pathlib
import re

from checks import Finding, lists, manifest, swift, unused_entries

# What comes with the toolchain or the C library. Foundation has rules of its own (foundation.py).
WITH_THE_TOOLCHAIN = {
    "Swift", "Glibc", "Musl", "Dispatch", "Synchronization", "RegexBuilder", "Observation", "Distributed",
    "Foundation", "FoundationEssentials", "FoundationNetworking",
}
FOR_TESTS = {"Testing", "XCTest"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)


def check(package, sources):
    allowed_imports, allowed_dependencies = set(), set()
    for target in package.targets:
        declared = {manifest.module_of(name_of(dependency)) for dependency in target.dependencies}
        imported = set()
        for path, module, line in modules(target, package, sources):
            imported.add(module)
            if module in declared or module == manifest.module_of(target.name) or is_free(module, target):
                continue
            if (target.name, module) in lists.UNDECLARED_IMPORTS:
                allowed_imports.add((target.name, module))
                continue
            yield Finding(path, line, "imports '%s', which target '%s' does not declare: add it to the target's "
                          "dependencies in Package.swift" % (module, target.name))
        for dependency in sorted(declared - imported):
            if (target.name, dependency) in lists.UNUSED_DEPENDENCIES:
                allowed_dependencies.add((target.name, dependency))
                continue
            yield Finding("Package.swift", target.line, "target '%s' declares '%s' and no file imports it: remove it "
                          "from the target's dependencies" % (target.name, dependency))
    yield from unused_packages(package)
    yield from unused_entries("UNDECLARED_IMPORTS", lists.UNDECLARED_IMPORTS, allowed_imports)
    yield from unused_entries("UNUSED_DEPENDENCIES", lists.UNUSED_DEPENDENCIES, allowed_dependencies)


def name_of(dependency):
    """A product bears the name of its module."""
    return dependency if isinstance(dependency, str) else dependency.name


def is_free(module, target):
    if module in FOR_TESTS:
        return target.layer == "Tests"
    return module in WITH_THE_TOOLCHAIN


def modules(target, package, sources):
    """(path, module, line) of everything that the target's files import, or include of the package's C targets."""
    for source in sources.swift(target):
        for module, line in source.imports:
            yield source.path, module, line
    headers = headers_of_dependencies(target, package, sources)
    for file in sources.files(target, {".c", ".h"}) if headers else []:
        text = file.read_text()
        for include in INCLUDE.finditer(text):
            name = pathlib.Path(include.group(1)).name
            if name in headers:
                yield sources.relative(file), headers[name], swift.line_of(text, include.start(1))


def headers_of_dependencies(target, package, sources):
    """Which C target of the package each header comes from."""
    named = {other.name: other for other in package.targets}
    mine = [named[dependency] for dependency in target.dependencies if dependency in named]
    return {header.name: other.name for other in mine for header in sources.files(other, {".h"})}


def unused_packages(package):
    """A package of which no target uses a product is still fetched and resolved by everybody."""
    used = {item.package.lower() for target in package.targets for item in target.dependencies
            if not isinstance(item, str)}
    for dependency in package.packages:
        if dependency.name.lower() not in used:
            yield Finding("Package.swift", dependency.line, "no target uses a product of package '%s': remove it" % (
                dependency.name))
