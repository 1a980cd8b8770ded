"""Files are clean: no path of the author's machine, no trailing whitespace, a newline at the end, and at most 500 lines
in a Swift file.
"""
import re
import subprocess

from checks import Finding, lists, unused_entries

LINES_OF_SWIFT = 500
LEFT_BY_BUILDS = {".git", ".build", "__pycache__", "Package.resolved"}
TRAILING = re.compile(rb"[ \t\r]+$", re.MULTILINE)
# A path in a home directory, or in a directory that only the author's machine has.
MACHINE = re.compile(rb"(?<![\w./-])/(?:work|home/\w+|Users/\w+|root)/", re.MULTILINE)


def tracked_files(root):
    """Paths of what is committed or would be; without a repository, of all that is there but what builds leave."""
    try:
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return sorted(
            str(path.relative_to(root)) for path in root.rglob("*")
            if path.is_file() and not LEFT_BY_BUILDS & set(path.relative_to(root).parts))
    return sorted({path for path in listed.split("\0") if path})


def check(root, paths):
    needed = set()
    for path in paths:
        file = root / path
        if file.is_symlink() or not file.is_file():
            continue
        for finding in faults(path, file.read_bytes()):
            if path in lists.TEXT_AS_IT_IS:
                needed.add(path)
            else:
                yield finding
    yield from unused_entries("TEXT_AS_IT_IS", lists.TEXT_AS_IT_IS, needed)


def faults(path, content):
    """What is wrong with one file. A file with a zero byte is not text."""
    if not content or b"\0" in content:
        return
    if not content.endswith(b"\n"):
        yield Finding(path, content.count(b"\n") + 1, "no newline at the end of the file: add one")
    for match in TRAILING.finditer(content):
        yield Finding(path, line_of(content, match), "trailing whitespace: remove it")
    for match in MACHINE.finditer(content):
        yield Finding(path, line_of(content, match), "has a path of the author's machine (%s): make it relative to "
                      "the repository" % match.group().decode())
    lines = content.count(b"\n")
    if path.endswith(".swift") and lines > LINES_OF_SWIFT:
        yield Finding(path, None, "has %d lines, and a Swift file may have %d: split it by subject" % (
            lines, LINES_OF_SWIFT))


def line_of(content, match):
    return content.count(b"\n", 0, match.start()) + 1
