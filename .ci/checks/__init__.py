"""The checks of .ci/house: what the compiler accepts and this package does not."""
import collections

# What is wrong, where, and what to do. `line` is None where a whole file, or a file that is missing, is meant.
Finding = collections.namedtuple("Finding", "path line text")


def shown(finding):
    """The line that a person reads: editors and CI services make a link of its beginning."""
    place = finding.path if finding.line is None else "%s:%d" % (finding.path, finding.line)
    return "%s: %s" % (place, finding.text)


LISTS = ".ci/checks/lists.py"


def unused_entries(name, entries, used):
    """An exception that nothing needs any longer must leave its list, or it would hide the next fault."""
    for entry in sorted(set(entries) - set(used)):
        text = entry if isinstance(entry, str) else " -> ".join(entry)
        yield Finding(LISTS, None, "%s has an entry for '%s' that nothing needs: remove it" % (name, text))
