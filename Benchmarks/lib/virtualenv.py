"""A virtual environment in a directory of ours, with packages out of the index that pip knows."""

import os
import shutil
import subprocess
import sys
import tempfile


class VirtualEnvironment:
    """A context manager; gone afterwards."""

    def __init__(self, *packages):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="glo-bench-venv-"))
        self.python = os.path.join(self.root, "bin", "python")
        self.packages = packages

    def __enter__(self):
        try:
            self._run([sys.executable, "-m", "venv", self.root], "Debian has it in the package python3-venv.")
            self._run([self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *self.packages],
                      "The packages come from the index that pip is configured for. --only leaves these systems out.")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root, ignore_errors=True)

    def versions(self):
        """{package: version} of what was asked for, and the interpreter's."""
        names = [package.partition("[")[0] for package in self.packages]
        code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]), sep='\\n')"
        said = subprocess.run([self.python, "-c", code, *names], capture_output=True, text=True, check=True)
        return {"python": sys.version.split()[0], **dict(zip(names, said.stdout.split()))}

    @staticmethod
    def _run(command, advice):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}: {said}\n{advice}")
