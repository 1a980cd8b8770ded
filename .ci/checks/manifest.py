"""Reads Package.swift: the targets with their dependencies, and the layers, which stand there as comments.

The output of `swift package dump-package` has neither layers nor lines, and needs the toolchain. So this evaluates the
small part of Swift that the manifest uses: `let`, functions of one expression, calls, arrays, strings, `+`. Anything
else is an error here, never a guess.
"""
import collections
import pathlib
import re

TOKEN = re.compile(
    r'(?P<comment>//[^\n]*)|(?P<space>\s+)|(?P<string>"(?:\\.|[^"\\\n])*")|(?P<name>[A-Za-z_]\w*|\$\d+|\d[\w.]*)'
    r"|(?P<mark>->|\.\.[.<]|[-.,:()\[\]{}+=&?!<>])")
LAYER = re.compile(r"// (L\d+|Apart|Tests): (.+)")
TARGETS = {"target", "executableTarget", "testTarget", "systemLibrary", "macro", "plugin", "binaryTarget"}

Token = collections.namedtuple("Token", "kind text line")
Call = collections.namedtuple("Call", "name arguments line")
Function = collections.namedtuple("Function", "parameters body")
Layer = collections.namedtuple("Layer", "name title line")
Product = collections.namedtuple("Product", "name package")
Package = collections.namedtuple("Package", "targets layers packages")

# `layer` is the name of a Layer ("L2"), "Apart", "Tests", or None where no marker stands above the target.
# `dependencies` are names of targets (str) and Products.
Target = collections.namedtuple("Target", "name kind path dependencies sources exclude layer line")


class ManifestError(Exception):
    """The manifest uses something that this reader does not know."""

    def __init__(self, line, text):
        super().__init__("Package.swift:%d: %s" % (line, text))


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
    tokens, layers = tokenize((pathlib.Path(root) / "Package.swift").read_text())
    names = Reader(tokens).statements()
    if not isinstance(names.get("package"), Call):
        raise ManifestError(1, "there is no `let package = Package(...)`")
    arguments = dict(names["package"].arguments)
    packages = [package_name(call) for call in arguments.get("dependencies", [])]
    targets = [make_target(call, layers) for call in arguments.get("targets", [])]
    return Package(targets, layers, packages)


def package_name(call):
    """The name by which SwiftPM knows a package: the last part of its URL or directory."""
    arguments = dict(call.arguments)
    place = arguments.get("url") or arguments.get("path") or arguments.get("name")
    return Call(re.sub(r"\.git$", "", place.rstrip("/").rsplit("/", 1)[-1]), (), call.line)


def make_target(call, layers):
    if not isinstance(call, Call) or call.name not in TARGETS:
        raise ManifestError(getattr(call, "line", 1), "this is not a target: %r" % (call,))
    arguments = dict(call.arguments)
    name = arguments["name"]
    path = arguments.get("path") or ("Tests/" if call.name == "testTarget" else "Sources/") + name
    above = [layer.name for layer in layers if layer.line < call.line]
    return Target(
        name, call.name, path, [dependency(value) for value in arguments.get("dependencies", [])],
        arguments.get("sources", []), arguments.get("exclude", []), above[-1] if above else None, call.line)


def dependency(value):
    """A target by its name, however that is written, or a product of another package."""
    if isinstance(value, str):
        return value
    arguments = dict(value.arguments)
    if value.name == "product":
        return Product(arguments["name"], arguments["package"])
    if value.name in ("target", "byName"):
        return arguments["name"]
    raise ManifestError(value.line, "this is not a dependency: .%s" % value.name)


def tokenize(text):
    """The tokens, and the markers of the layers among the comments."""
    tokens, layers, position, line = [], [], 0, 1
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise ManifestError(line, "cannot read %r" % text[position:position + 20])
        layer = LAYER.fullmatch(match.group())
        if layer:
            layers.append(Layer(layer.group(1), layer.group(2), line))
        elif match.lastgroup not in ("comment", "space"):
            tokens.append(Token(match.lastgroup, match.group(), line))
        line += match.group().count("\n")
        position = match.end()
    return tokens + [Token("end", "", line)], layers


class Reader:
    """Evaluates tokens from left to right. Names that are not defined here are kept as they are (`.v6`)."""

    def __init__(self, tokens, names=None):
        self.tokens, self.position, self.names = tokens, 0, names if names is not None else {}

    @property
    def next(self):
        return self.tokens[self.position]

    def take(self, text=None):
        token = self.next
        if text is not None and token.text != text:
            raise ManifestError(token.line, "expected '%s' and found '%s'" % (text, token.text))
        self.position += 1
        return token

    def takes(self, text):
        """Whether the next token is this one; if so it is taken."""
        if self.next.text != text or self.next.kind == "string":
            return False
        self.position += 1
        return True

    def statements(self):
        """Every name that the manifest defines, with its value."""
        while self.next.kind != "end":
            word = self.take()
            if word.text == "import":
                self.take()
            elif word.text == "let":
                name = self.take().text
                self.skip_to("=")
                self.names[name] = self.expression()
            elif word.text == "func":
                name = self.take().text
                self.names[name] = self.function()
            else:
                raise ManifestError(word.line, "cannot read a statement that begins with '%s'" % word.text)
        return self.names

    def skip_to(self, text):
        while not self.takes(text):
            if self.take().kind == "end":
                raise ManifestError(self.tokens[-1].line, "'%s' is missing" % text)

    def function(self):
        """A function of one expression: its parameters (label, name, default) and the tokens of its body."""
        parameters = []
        self.take("(")
        while not self.takes(")"):
            label = self.take().text
            name = label if self.next.text == ":" else self.take().text
            self.take(":")
            while self.next.text not in (",", ")", "="):
                self.take()
            default = self.expression() if self.takes("=") else None
            parameters.append((None if label == "_" else label, name, default))
            self.takes(",")
        self.skip_to("{")
        self.takes("return")
        return Function(parameters, self.body())

    def body(self):
        """The tokens up to the brace that closes."""
        start, depth = self.position, 1
        while depth > 0:
            token = self.take()
            if token.kind == "end":
                raise ManifestError(token.line, "'}' is missing")
            depth += {"{": 1, "}": -1}.get(token.text, 0)
        return self.tokens[start:self.position - 1] + [Token("end", "", self.next.line)]

    def expression(self):
        value = self.operand()
        while self.next.text in ("+", "..<", "..."):
            operator, right = self.take(), self.operand()
            value = value + right if operator.text == "+" else (value, right)
        return value

    def operand(self):
        """A value with what follows its dots: `.map { … }` on an array of files makes no target and no dependency."""
        value = self.primary()
        while self.next.text == "." and self.tokens[self.position + 1].kind == "name":
            self.take(".")
            self.take()
            if self.takes("("):
                self.arguments()
            if self.takes("{"):
                self.body()
        return value

    def primary(self):
        token = self.take()
        if token.kind == "string":
            return self.interpolated(token)
        if token.text == "[":
            return self.array()
        if token.text == ".":
            return self.reference(self.take(), is_member=True)
        if token.kind == "name":
            return self.reference(token, is_member=False)
        raise ManifestError(token.line, "cannot read an expression that begins with '%s'" % token.text)

    def interpolated(self, token):
        """A string; names in it, such as "\\(name)Tests", are put in."""
        def value(match):
            if match.group(1) not in self.names:
                raise ManifestError(token.line, "'%s' is not defined" % match.group(1))
            return self.names[match.group(1)]
        return re.sub(r"\\\((\w+)\)", value, token.text[1:-1])

    def array(self):
        values = []
        while not self.takes("]"):
            values.append(self.expression())
            if self.takes(":"):
                raise ManifestError(self.next.line, "cannot read a dictionary")
            self.takes(",")
        return values

    def reference(self, token, is_member):
        """A call, or a name with or without a value."""
        if self.takes("("):
            return self.call(token, self.arguments(), is_member)
        if not is_member and token.text in self.names:
            return self.names[token.text]
        return Call(token.text, (), token.line)

    def arguments(self):
        values = []
        while not self.takes(")"):
            label = None
            if self.next.kind == "name" and self.tokens[self.position + 1].text == ":":
                label = self.take().text
                self.take(":")
            values.append((label, self.expression()))
            self.takes(",")
        return values

    def call(self, token, arguments, is_member):
        function = None if is_member else self.names.get(token.text)
        if isinstance(function, Function):
            return self.apply(function, arguments, token)
        if is_member and token.text == "init" and len(arguments) == 1:
            return arguments[0][1]
        return Call(token.text, arguments, token.line)

    def apply(self, function, arguments, token):
        """The value of a call of the manifest's own function. A target that it makes has the line of the call."""
        given, names = list(arguments), dict(self.names)
        for label, name, default in function.parameters:
            is_given = bool(given) and given[0][0] == label
            names[name] = given.pop(0)[1] if is_given else default
            if names[name] is None:
                raise ManifestError(token.line, "'%s' needs an argument for '%s'" % (token.text, name))
        if given:
            raise ManifestError(token.line, "'%s' has an argument too many" % token.text)
        value = Reader(function.body, names).expression()
        return value._replace(line=token.line) if isinstance(value, Call) else value
