#!/usr/bin/env python3
"""Writes manual pages from what the program says of itself.

    glo --experimental-dump-help | deploy/lib/manpages.py DIRECTORY VERSION DATE

One page for glo, and one for each of its commands (glo-serve.1).
"""
import json
import pathlib
import sys


def escaped(text):
    """Text as roff takes it: no line of it is a request, no hyphen becomes a dash."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def spelling(name):
    return ("-" if name["kind"] in ("short", "longWithSingleDash") else "--") + name["name"]


def shown(items):
    return [item for item in items or [] if item.get("shouldDisplay", True)]


def argument_text(argument):
    value = argument.get("valueName", "")
    if argument["kind"] == "positional":
        return "\\fI%s\\fR" % escaped(value)
    names = ", ".join("\\fB%s\\fR" % escaped(spelling(name)) for name in argument["names"])
    return names + (" \\fI%s\\fR" % escaped(value) if argument["kind"] == "option" else "")


def arguments(command, parents):
    """The options of a command; those that it has from a command above are told there."""
    known = {json.dumps(a, sort_keys=True) for parent in parents for a in parent.get("arguments", [])}
    for argument in shown(command.get("arguments")):
        names = [name["name"] for name in argument.get("names", [])]
        if "version" in names and parents or json.dumps(argument, sort_keys=True) in known and "help" not in names:
            continue
        yield ".TP\n%s\n%s" % (argument_text(argument), escaped(argument.get("abstract") or ""))


def paragraphs(text):
    """Indented lines are examples and keep their breaks; the others flow."""
    result = []
    for line in (text or "").split("\n"):
        if not line.strip():
            result.append(".PP")
        elif line.startswith("  ") or line.startswith("glo ") or line.startswith("ln "):
            result.append(".br\n" + escaped(line.strip()))
        else:
            result.append(escaped(line))
    return "\n".join(result)


def synopsis(words, command):
    text = "\\fB%s\\fR" % escaped(" ".join(words))
    if shown(command.get("subcommands")):
        return text + " \\fIcommand\\fR [\\fIoptions\\fR]"
    positional = [a for a in shown(command.get("arguments")) if a["kind"] == "positional"]
    for argument in positional:
        word = "\\fI%s\\fR" % escaped(argument.get("valueName", ""))
        text += " [%s]" % word if argument.get("isOptional") else " " + word
    return text + " [\\fIoptions\\fR]"


def body(words, command, parents, title):
    parts = [".%s %s" % (title, escaped(" ".join(words)).upper() if title == "SH" else escaped(" ".join(words)))]
    parts.append(escaped(command.get("abstract") or ""))
    parts.append(".PP\n" + synopsis(words, command))
    if command.get("discussion"):
        parts.append(".PP\n" + paragraphs(command["discussion"]))
    parts += arguments(command, parents)
    return parts


def page(name, words, command, root, version, date):
    abstract = (command.get("abstract") or "").rstrip(".")
    parts = ['.TH "%s" 1 "%s" "glo %s" "Glo"' % (name.upper(), date, version)]
    parts.append(".SH NAME\n%s \\- %s" % (escaped(name), escaped(abstract)))
    parts.append(".SH SYNOPSIS\n" + synopsis(words, command))
    if command.get("discussion"):
        parts.append(".SH DESCRIPTION\n" + paragraphs(command["discussion"]))
    options = list(arguments(command, []))
    if options:
        parts.append(".SH OPTIONS")
        parts += options
    inner = [c for c in shown(command.get("subcommands")) if c["commandName"] != "help"]
    if command is root:
        parts.append(".SH COMMANDS")
        for item in inner:
            parts.append(".TP\n.BR %s (1)\n%s" % (escaped("glo-" + item["commandName"]), escaped(item.get("abstract") or "")))
        parts.append(".SH FILES")
        for path, meaning in (
            ("/etc/glo/glo.yaml", "the controller's configuration"), ("/srv/glo/functions", "what runs"),
            ("/var/lib/glo", "state: versions, logs, secrets, events"),
        ):
            parts.append(".TP\n.I %s\n%s" % (path, meaning))
    else:
        if inner:
            parts.append(".SH COMMANDS")
        for item in inner:
            parts += body(words + [item["commandName"]], item, [command], "SS")
        parts.append(".SH SEE ALSO\n.BR glo (1)")
    return "\n".join(parts) + "\n"


def main():
    directory, version, date = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    root = json.load(sys.stdin)["command"]
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "glo.1").write_text(page("glo", ["glo"], root, root, version, date))
    for command in shown(root.get("subcommands")):
        name = command["commandName"]
        if name != "help":
            text = page("glo-" + name, ["glo", name], command, root, version, date)
            (directory / ("glo-%s.1" % name)).write_text(text)


if __name__ == "__main__":
    main()
