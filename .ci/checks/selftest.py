"""Checks the checks: a small package that is right passes, and with one fault put in, that fault alone is found."""
import json
import pathlib
import tempfile

from checks import duplicates, foundation, imports, layers, linkage, lists, manifest, shown, swift, targetmap, text
from checks.sources import Sources

# A package that is right. It has imports and types in comments, strings and other types, which do not count.
GOOD = {
    "Package.swift": '''// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .unsafeFlags(["-x"], .when(configuration: .release))]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: "\\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies)
}

let package = Package(
    name: "small",
    dependencies: [.package(url: "https://example.org/swift-log.git", from: "1.0.0")],
    targets: [
        // L0: the system
        .target(name: "CSystem"),
        // L1: values
        library("Values", ["CSystem"]),
        // L2: parts
        library("Hot", ["Values", logging]),
        .target(
            name: "Cold", dependencies: ["Values"], exclude: ["Old"],
            resources: ["a.txt"].map { .embedInCode($0) }, swiftSettings: strict),
        // Apart: the program
        .executableTarget(name: "small-init", dependencies: ["CSystem"], path: "runtime/init"),
        // Tests: of all
        tests("Hot", [logging]),
    ])
''',
    "Sources/CSystem/include/system.h": "#include <stdio.h>\n",
    "Sources/Values/Value.swift": '''internal import CSystem
#if canImport(Glibc)
import Glibc
#endif

/* import Nothing /* struct Part {} */ struct Cold {} */
package struct Value {
    enum Part { case one }
    let text = "import Nothing \\(name("struct Part {")) {"
    let pattern = text.firstMatch(of: /"{/)
    let lines = """
        import Nothing
        struct Part {
        """
}
''',
    "Sources/Hot/Hot.swift": '''@preconcurrency package import Values
import struct Logging.Logger

final class Hot {}
''',
    "Sources/Cold/Cold.swift": "import Foundation\nimport Values\n\nactor Cold { struct Part {} }\n",
    "Sources/Cold/Old/Old.swift": "import Nothing\n",
    "runtime/init/main.swift": "import CSystem\n\nstruct Hot {}\n",
    "Tests/HotTests/HotTests.swift": '''import Foundation
import Logging
import Testing
@testable import Hot

struct Cold {}
''',
    "docs/design/architecture.md": '''# Small
- `Nothing`: not in the map
### L0: the system
- `CSystem`: calls
### L1: values
- `Values`: values
### L2: parts
- `Hot`: fast
- `Cold`: slow
### Apart: the program
- `small-init`: inside
## More
- `Nothing`: not in the map
''',
}

ALLOWED = {
    "UNDECLARED_IMPORTS": {}, "UNUSED_DEPENDENCIES": {}, "DUPLICATES_KEPT": {}, "DUPLICATES_TO_GO": {},
    "HOT_PATH": {"Hot": "", "small-init": ""}, "FOUNDATION": {"Cold": ""}, "FOUNDATION_ESSENTIALS": {},
    "LINKED_ESSENTIALS": {}, "TEXT_AS_IT_IS": {},
}

MANIFEST, MAP = "Package.swift", "docs/design/architecture.md"
HOT, COLD, VALUE = "Sources/Hot/Hot.swift", "Sources/Cold/Cold.swift", "Sources/Values/Value.swift"

# For each check: a title, the file, what is replaced in it, by what, and the place and a part of the one finding.
FAULTS = {
    "imports": [
        ("an import that is not declared", HOT, "import struct", "import CSystem\nimport struct", HOT + ":2",
         "imports 'CSystem', which target 'Hot' does not declare"),
        ("Testing outside of tests", HOT, "import struct", "import Testing\nimport struct", HOT + ":2",
         "imports 'Testing'"),
        ("a dependency that nothing imports", MANIFEST, '"Values", ["CSystem"]', '"Values", ["CSystem", logging]',
         MANIFEST + ":22", "declares 'Logging' and no file imports it"),
        ("a dependency of a C target that nothing includes", MANIFEST, '.target(name: "CSystem"),',
         '.target(name: "CSystem", dependencies: ["Cold"]),', MANIFEST + ":20", "target 'CSystem' declares 'Cold'"),
        ("a package that nothing uses", MANIFEST, "[.package", '[.package(path: "../other"), .package',
         MANIFEST + ":17", "no target uses a product of package 'other'"),
    ],
    "layers": [
        ("a dependency upwards", MANIFEST, '"Values", ["CSystem"]', '"Values", ["CSystem", "Cold"]', MANIFEST + ":22",
         "target 'Values' (L1) depends on 'Cold' (L2)"),
        ("a dependency sideways", MANIFEST, 'dependencies: ["Values"]', 'dependencies: [.target(name: "Hot")]',
         MANIFEST + ":25", "target 'Cold' (L2) depends on 'Hot' (L2)"),
        ("a dependency on a program that stands apart", MANIFEST, '"Hot", [logging]', '"Hot", ["small-init"]',
         MANIFEST + ":31", "nothing may depend on a program that stands apart"),
        ("a program that stands apart and depends on more", MANIFEST, '["CSystem"], path', '["Values"], path',
         MANIFEST + ":29", "may depend on L0 alone"),
        ("a dependency on tests", MANIFEST, '"Values", logging', '"HotTests", logging', MANIFEST + ":24",
         "only tests may depend on it"),
        ("a dependency on nothing", MANIFEST, '"Values", logging', '"Valeus", logging', MANIFEST + ":24",
         "no such target"),
        ("layers that are not counted up", MANIFEST, "// L2: parts", "// L3: parts", MANIFEST + ":19", "number them"),
        ("a target above all layers", MANIFEST, "        // L0: the system\n",
         '        library("Odd"),\n        // L0: x\n', MANIFEST + ":19", "target 'Odd' is in no layer"),
    ],
    "duplicates": [
        ("a type in two targets", HOT, "final class Hot", "protocol Cold {}\nfinal class Hot", HOT + ":4",
         "type 'Cold' is also declared at Sources/Cold/Cold.swift:4"),
    ],
    "foundation": [
        ("Foundation on the hot path", HOT, "import struct", "import Foundation\nimport struct", HOT + ":2",
         "imports Foundation, and target 'Hot' is on the hot path"),
        ("Foundation below the hot path", VALUE, "import Glibc", "import FoundationEssentials", VALUE + ":3",
         "imports FoundationEssentials, and target 'Values' is on the hot path"),
        ("a part of Foundation without a reason", COLD, "import Values", "import FoundationEssentials", COLD + ":2",
         "give the reason in FOUNDATION_ESSENTIALS"),
        ("Foundation's network", COLD, "import Values", "import FoundationNetworking", COLD + ":2", "do without it"),
    ],
    "map": [
        ("a target that the map does not have", MAP, "- `Cold`: slow\n", "", MAP, "target 'Cold' is missing"),
        ("a target that only the map has", MAP, "- `Cold`", "- `Warm`: x\n- `Cold`", MAP + ":9",
         "'Warm' is not in Package.swift"),
        ("a target in another layer of the map", MAP, "### L2: parts\n- `Hot`: fast", "- `Hot`: fast\n### L2: parts",
         MAP + ":7", "target 'Hot' is in L1 here, and in L2 in Package.swift"),
        ("a layer that the map does not have", MANIFEST, "        // Apart", "        // L3: more\n        // Apart",
         MAP, "layer 'L3: more' is missing"),
        ("no map", MAP, "###", "####", MAP, "has no map of targets"),
    ],
    "text": [
        ("blanks at the end of a line", HOT, "Hot {}", "Hot {} ", HOT + ":4", "trailing whitespace"),
        ("a carriage return", HOT, "Hot {}", "Hot {}\r", HOT + ":4", "trailing whitespace"),
        ("no newline at the end", HOT, "{}\n", "{}", HOT + ":4", "no newline at the end of the file"),
        ("a long file", HOT, "{}\n", "{}\n" + "//\n" * 497, HOT, "has 501 lines"),
        ("a path of the author's machine", MAP, "slow", "see /wo" + "rk/notes", MAP + ":9",
         "has a path of the author's machine"),
        ("a path in a home directory", MAP, "slow", "(/home" + "/jo/notes)", MAP + ":9",
         "has a path of the author's machine"),
    ],
}

# An entry of a list, and what it allows.
ALLOWANCES = [
    ("imports", "UNDECLARED_IMPORTS", ("Hot", "CSystem"), HOT, "import struct", "import CSystem\nimport struct"),
    ("imports", "UNUSED_DEPENDENCIES", ("Values", "Logging"), MANIFEST, '["CSystem"])', '["CSystem", logging])'),
    ("duplicates", "DUPLICATES_KEPT", "Cold", HOT, "final class Hot", "enum Cold {}\nfinal class Hot"),
    ("duplicates", "DUPLICATES_TO_GO", "Cold", HOT, "final class Hot", "enum Cold {}\nfinal class Hot"),
    ("foundation", "FOUNDATION_ESSENTIALS", "Cold", COLD, "import Values", "import FoundationEssentials"),
    ("text", "TEXT_AS_IT_IS", HOT, HOT, "Hot {}", "Hot {} "),
]

CHECKS = {
    "imports": lambda package, sources: imports.check(package, sources),
    "layers": lambda package, sources: layers.check(package),
    "duplicates": lambda package, sources: duplicates.check(package, sources),
    "foundation": lambda package, sources: foundation.check(package, sources),
    "map": lambda package, sources: targetmap.check(package, sources.root),
    "text": lambda package, sources: text.check(sources.root, paths_below(sources.root)),
}


def paths_below(root):
    return sorted(file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())


def write(root, files):
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode() if isinstance(content, str) else content)


def with_change(path, old, new):
    """The good package with one thing replaced, which has to be there."""
    assert old in GOOD[path], "%s has no %r" % (path, old)
    return {**GOOD, path: GOOD[path].replace(old, new)}


def allow(**entries):
    """The lists as these tests need them, instead of the package's own."""
    for name, value in {**ALLOWED, **entries}.items():
        setattr(lists, name, value)


def findings(check, files):
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        write(root, files)
        return [shown(finding) for finding in CHECKS[check](manifest.read_package(root), Sources(root))]


def expect(title, found, *expected):
    """Each expected pair is the beginning and a part of one finding, and there are no others."""
    right = len(found) == len(expected) and all(
        line.startswith(place + ":") and part in line for line, (place, part) in zip(found, expected))
    assert right, "%s: expected %s and found %s" % (title, expected or "nothing", found or "nothing")


def test_good():
    allow()
    for check in CHECKS:
        expect("the package that is right, " + check, findings(check, GOOD))


def test_faults():
    allow()
    for check, faults in FAULTS.items():
        for title, path, old, new, place, part in faults:
            expect(title, findings(check, with_change(path, old, new)), (place, part))


def test_lists():
    """An entry allows its fault, and is a fault itself when nothing needs it."""
    for check, name, entry, path, old, new in ALLOWANCES:
        allow(**{name: {entry: "a reason"}})
        expect("allowed by " + name, findings(check, with_change(path, old, new)))
        expect("not needed in " + name, findings(check, GOOD), (".ci/checks/lists.py", name + " has an entry for"))
    allow(HOT_PATH={"Hot": "", "small-init": "", "Gone": ""})
    expect("a target of the hot path that is gone", findings("foundation", GOOD), (".ci/checks/lists.py", "'Gone'"))
    allow(DUPLICATES_KEPT={"Cold": ""}, DUPLICATES_KEPT_AT_MOST=0)
    files = with_change(HOT, "final class Hot", "enum Cold {}\nfinal class Hot")
    expect("more names than may be", findings("duplicates", files), (".ci/checks/lists.py", "may have 0"))


def test_manifest():
    """What cannot be read, or not be found, is an error that says so."""
    allow()
    for old, new, part in (("let package", "let let package", "cannot be read"),
                           ('library("Hot", ', '(library)("Hot", ', "declares target 'Hot' in a way")):
        try:
            findings("layers", with_change(MANIFEST, old, new))
        except manifest.ManifestError as error:
            assert part in str(error), error
        else:
            raise AssertionError("a manifest with %r was read" % new)


def test_swift():
    code = swift.code_only('let a = #""""# + #"\\#(f("}"))"# // {\nlet b = c / d /* { */\nstruct `A` {}\nimport B')
    assert swift.top_level_types(code) == [("A", 3)] and swift.imports(code) == [("B", 4)], code


def test_built():
    """An object of a removed file does not count. A library counts even when no file imports it."""
    allow(LINKED_ESSENTIALS={"Hot": ""})
    files = {}
    for module in ("Hot", "Values", "small_init"):
        files[module + ".build/output-file-map.json"] = json.dumps({"": {}, "a.swift": {"object": "/x/a.swift.o"}})
        files[module + ".build/a.swift.o"] = b"\0-lswiftCore\0"
        files[module + ".build/gone.swift.o"] = b"\0-lFoundation\0"
    files["Hot.build/a.swift.o"] = b"\0-lFoundationEssentials\0-lswiftCore\0"
    expect("a build that is right", built(files))
    faulty = {**files, "Values.build/a.swift.o": b"\0-lFoundation\0"}
    expect("a target that links Foundation", built(faulty), ("build", "'Values' is on the hot path and links"))
    missing = {path: content for path, content in files.items() if not path.startswith("Values")}
    expect("a target that was not built", built(missing), ("build", "no objects of target 'Values'"))
    allow()
    expect("FoundationEssentials without a reason", built(files), ("build", "links FoundationEssentials"))


def built(files):
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        write(root, GOOD)
        write(root / "build", files)
        found = linkage.check_targets(manifest.read_package(root), root / "build")
        return [shown(finding).replace(directory + "/", "") for finding in found]


def test_programs():
    needed = " 0x1 (NEEDED)             Shared library: [%s]\n"
    assert linkage.fault_of_init("  LOAD  0x0\n") is None
    assert "dynamically" in linkage.fault_of_init("  INTERP  0x0\n")
    assert "dynamically" in linkage.fault_of_init(needed % "libc.so.6")
    assert linkage.fault_of_glo(needed % "libc.so.6") is None
    assert "libFoundation.so" in linkage.fault_of_glo(needed % "libc.so.6" + needed % "libFoundation.so")


def main():
    tests = [test for name, test in sorted(globals().items()) if name.startswith("test_")]
    try:
        for test in tests:
            test()
    except AssertionError as error:
        print("self-test: %s" % error)
        return 1
    print("self-test: all %d faults are found" % sum(len(faults) for faults in FAULTS.values()))
    return 0
