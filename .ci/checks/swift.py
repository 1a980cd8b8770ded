"""Reads Swift source as far as the checks need it: imports and top-level types. Comments and strings do not count."""
import collections
import re

Import = collections.namedtuple("Import", "module line")
Declaration = collections.namedtuple("Declaration", "name line")

# The beginnings of what has to be skipped. Three quotes begin a string of several lines only at the end of a line:
# `#""""#` is a string of two quotes. A slash begins a regex literal only where no operand comes before it.
INTERESTING = re.compile(
    r'//[^\n]*|/\*|#*"(?:""(?=[ \t]*\n))?'
    r"|(?:(?<=[(\[])|(?<=[,=:] ))/(?=[^\s/*])(?:\\.|[^/\\\n])+/")
COMMENT_MARK = re.compile(r"/\*|\*/")
IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*"
    r"(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|actor|protocol|typealias|func|var|let)\s+)?(\w+)", re.MULTILINE)
BRACE_OR_TYPE = re.compile(r"[{}]|\bimport\s+\w+|\b(?:struct|class|enum|actor|protocol)\s+`?(\w+)")


def imports(code):
    """Every import of source from which `code_only` has taken comments and strings."""
    return [Import(match.group(1), line_of(code, match.start(1))) for match in IMPORT.finditer(code)]


def top_level_types(code):
    """Every struct, class, enum, actor and protocol outside of all braces. A `typealias` is not counted."""
    depth, found = 0, []
    for match in BRACE_OR_TYPE.finditer(code):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
        elif match.group(1) and depth == 0:
            found.append(Declaration(match.group(1), line_of(code, match.start(1))))
    return found


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def code_only(text):
    """The source with every comment and string replaced by spaces; lines keep their numbers."""
    result, position = [], 0
    while True:
        match = INTERESTING.search(text, position)
        if not match:
            return "".join(result) + text[position:]
        end = end_of(text, match)
        result.append(text[position:match.start()])
        result.append(re.sub(r"[^\n]", " ", text[match.start():end]))
        position = end


def end_of(text, match):
    """Where the comment, string or regex literal that begins with `match` ends."""
    if match.group() == "/*":
        return end_of_comment(text, match.end())
    if match.group().endswith('"') and not match.group().startswith("/"):
        return end_of_string(text, match)
    return match.end()


def end_of_comment(text, position):
    """Comments nest in Swift."""
    depth = 1
    for mark in COMMENT_MARK.finditer(text, position):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def end_of_string(text, opening):
    """Three forms: "…", \"\"\"…\"\"\", and either between number signs, which its escapes then repeat."""
    hashes = "#" * opening.group().count("#")
    quotes = opening.group()[len(hashes):]
    position = opening.end()
    inside = re.compile(re.escape("\\" + hashes) + r"(\(?)|" + re.escape(quotes + hashes))
    while True:
        match = inside.search(text, position)
        if not match:
            return len(text)
        if match.group() == quotes + hashes:
            return match.end()
        position = end_of_interpolation(text, match.end()) if match.group(1) else match.end() + 1


def end_of_interpolation(text, position):
    """Where the parenthesis closes that was opened before `position`; strings inside have parentheses of their own."""
    depth = 1
    while depth > 0 and position < len(text):
        if text[position] in "()":
            depth += 1 if text[position] == "(" else -1
        match = INTERESTING.match(text, position)
        position = end_of(text, match) if match else position + 1
    return position
