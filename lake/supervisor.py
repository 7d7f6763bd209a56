"""The supervisor of the embedded stack, `python -m lake.supervisor`: runs its parts until SIGTERM.

A part that ends is started again, alone. One that ends too often, or because its data are damaged,
is given up, with the reason in the log and in `status`. SIGHUP lets it be tried again, as `lake up`
asks then, and has the list of parts read anew. On Linux no part outlives the supervisor.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from lake import kin
from lake.processes import Process, environment, processes
from lake.settings import ROOT, Settings
from services.exit_codes import DAMAGED_DATA
from services.tether import tethered

ENDS, WINDOW_SECONDS = 5, 120.0
LONGEST_PAUSE_SECONDS = 8.0
END_SECONDS = 20.0
POLL_SECONDS = 0.1
LONGEST_LINE = 65_536


@dataclass
class Part:
    """A process of the stack, started as often as it takes within the limit."""

    process: Process
    settings: Settings
    running: subprocess.Popen[str] | None = None
    ends: deque[float] = field(default_factory=deque)
    start_at: float = 0.0
    given_up: str | None = None

    def start(self) -> None:
        """From the main thread, which lives as long as the supervisor: see services/tether.py."""
        name = self.process.name
        self.running = subprocess.Popen(
            tethered(shlex.split(self.process.command)),
            env={
                **environment(self.settings, self.process),
                **kin.marks(self.settings.lake_dir, name),
            },
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=copy, args=(name, self.running.stdout), daemon=True).start()

    def look(self, now: float) -> bool:
        """Notice its end, start it when its time has come; whether anything has changed."""
        if self.running is not None:
            code = self.running.poll()
            if code is None:
                return False
            self.running = None
            self._ended(code, now)
            return True
        if self.given_up is not None or now < self.start_at:
            return False
        self.start()
        return True

    def try_again(self) -> None:
        if self.given_up is not None:
            self.given_up, self.start_at = None, 0.0
            self.ends.clear()

    def _ended(self, code: int, now: float) -> None:
        self.ends.append(now)
        while now - self.ends[0] > WINDOW_SECONDS:
            self.ends.popleft()
        how, often = ended(code), len(self.ends)
        if code == DAMAGED_DATA:
            self.given_up = f"{how}: its data are damaged"
        elif often >= ENDS:
            self.given_up = f"{how}, {often} times within {WINDOW_SECONDS:.0f} s"
        if self.given_up is not None:
            write(self.process.name, f"given up: {self.given_up}; `lake up` tries it again")
            return
        pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** (often - 2)) if often > 1 else 0.0
        self.start_at = now + pause
        write(self.process.name, f"{how}: started again in {pause:.0f} s, {often} of {ENDS}")


def ended(code: int) -> str:
    return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def write(name: str, text: str) -> None:
    """A line of the stack's log; one write each, so that lines of several parts do not mix."""
    local = datetime.now().astimezone()
    with suppress(OSError):  # on a full disk the stack goes on, without a log
        os.write(1, f"{local:%H:%M:%S} {name} | {text}\n".encode())


def copy(name: str, output: IO[str]) -> None:
    while line := output.readline(LONGEST_LINE):
        write(name, line.rstrip("\n"))


def supervise(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT, then ends all parts."""
    parts = [Part(process, settings) for process in processes(settings)]
    asked: deque[int] = deque()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: asked.append(received))
    while True:
        if asked:
            if asked.popleft() != signal.SIGHUP:
                break
            parts = reread(settings, parts)
        if any([part.look(time.monotonic()) for part in parts]):
            note(settings.lake_dir, parts)
        time.sleep(POLL_SECONDS)
    end([part.running for part in parts if part.running is not None])


def reread(settings: Settings, parts: list[Part]) -> list[Part]:
    """The parts that there are now: given-up ones are tried again, those no longer wanted ended."""
    known = {part.process.name: part for part in parts}
    wanted = {process.name: process for process in processes(settings)}
    end([p.running for p in parts if p.running is not None and p.process.name not in wanted])
    kept = [known.get(name) or Part(process, settings) for name, process in wanted.items()]
    for part in kept:
        part.try_again()
    note(settings.lake_dir, kept)
    return kept


def end(running: list[subprocess.Popen[str]]) -> None:
    for process in running:
        process.terminate()
    deadline = time.monotonic() + END_SECONDS
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def notes(lake_dir: Path) -> dict[str, dict[str, Any]]:
    """What the supervisor has to say of each part: how often it ended, why it was given up."""
    try:
        found: dict[str, dict[str, Any]] = json.loads((lake_dir / "parts.json").read_text())
    except (OSError, ValueError):
        return {}
    return found


def note(lake_dir: Path, parts: list[Part]) -> None:
    found = {
        part.process.name: {
            "pid": part.running.pid if part.running else None,
            "ends": len(part.ends),
            "given_up": part.given_up,
        }
        for part in parts
    }
    unfinished = lake_dir / "parts.json.part"
    with suppress(OSError):
        unfinished.write_text(json.dumps(found))
        unfinished.replace(lake_dir / "parts.json")


def empty_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


if __name__ == "__main__":
    found_settings = Settings.from_env()
    empty_folder(found_settings.lake_dir / "tmp")
    supervise(found_settings)
