"""The files of the targets, each read once."""
import functools
import pathlib

from checks import manifest, swift


class Source:
    """One Swift file: its path from the package's root, its imports and its top-level types."""

    def __init__(self, path, text):
        code = swift.code_only(text)
        self.path, self.imports, self.types = path, swift.imports(code), swift.top_level_types(code)


class Sources:
    def __init__(self, root):
        self.root = pathlib.Path(root)

    def files(self, target, endings):
        return manifest.source_files(self.root, target, endings)

    def relative(self, file):
        return file.relative_to(self.root).as_posix()

    def swift(self, target):
        return [self.source(file) for file in self.files(target, {".swift"})]

    @functools.lru_cache(maxsize=None)
    def source(self, file):
        return Source(self.relative(file), file.read_text())
