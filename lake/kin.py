"""Which processes of this machine belong to the stack of a LAKE_DIR, whatever started or lost them.

Each is started with its folder in its environment, which no other process can come to have: neither
a stale file nor a process id that is used again can be mistaken for it.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import psutil

STACK, PART = "LAKE_STACK", "LAKE_PART"
SUPERVISOR = "supervisor"


def marks(lake_dir: Path, part: str) -> dict[str, str]:
    """The variables that tell a process's stack and part; what it starts inherits them."""
    return {STACK: str(lake_dir.resolve()), PART: part}


def kin(lake_dir: Path) -> dict[psutil.Process, str]:
    """The stack's processes, jobs included, each with the part that it is of."""
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            variables = process.environ()
            if (
                variables.get(STACK) == str(lake_dir.resolve())
                and process.pid != os.getpid()
                and process.status() != psutil.STATUS_ZOMBIE
            ):
                found[process] = variables.get(PART, "")
    return found


def supervisor(lake_dir: Path) -> psutil.Process | None:
    return next((one for one, part in kin(lake_dir).items() if part == SUPERVISOR), None)


def end(lake_dir: Path, timeout: float) -> list[str]:
    """End all of them, politely first; the names of the parts that were there."""
    found = kin(lake_dir)
    heads = [one for one, part in found.items() if part == SUPERVISOR] or list(found)
    for process in heads:  # a supervisor ends its parts itself
        with suppress(psutil.Error):
            process.terminate()
    deadline = time.monotonic() + timeout
    while left := kin(lake_dir):
        for process in left if time.monotonic() > deadline else ():
            with suppress(psutil.Error):
                process.kill()
        time.sleep(0.05)
    return sorted(set(found.values()))
