"""A copy of this repository that a test may change, and `lake` run from it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from lake.settings import ROOT
from tests.support.stack import Stack

PACKAGES = ("lake", "pipeline", "services", "aws_bootstrap", "sample_data", "spark_jobs")
FILES = (".env.example", "pom.xml")


class WorkingCopy:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in PACKAGES:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in FILES:
            shutil.copy(ROOT / name, folder / name)

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.folder / path
        text = file.read_text()
        assert text.count(old) == 1, f"{path} has {text.count(old)} times {old!r}"
        file.write_text(text.replace(old, new))


class Watched:
    """A running `lake` of a working copy, line by line."""

    def __init__(self, copy: WorkingCopy, stack: Stack, *arguments: str) -> None:
        program = "from lake.command import main; main()"
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            cwd=copy.folder,
            env={**stack.environment, "PYTHONPATH": str(copy.folder), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def until(self, text: str, seconds: float = 180) -> list[str]:
        """The lines up to one with the text, which are then forgotten."""
        deadline = time.monotonic() + seconds
        while True:
            for number, line in enumerate(list(self.lines)):
                if text in line:
                    found, self.lines = self.lines[: number + 1], self.lines[number + 1 :]
                    return found
            assert time.monotonic() < deadline, f"no {text!r} in {self.lines}"
            assert self._process.poll() is None or text in "".join(self.lines), self.lines
            time.sleep(0.02)

    def interrupt(self) -> int:
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(60)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                self.lines.append(line.rstrip())
