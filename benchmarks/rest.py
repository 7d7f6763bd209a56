"""`lake demo`, and what its stack takes when it has been at rest for ten minutes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.measures import Measure, at_most, seconds
from tests.support.stack import started_stack

REST_SECONDS = 600


def measured(folder: Path) -> Iterator[Measure]:
    with started_stack(folder / "lake") as stack:
        stack.lake("down")
        took = seconds(lambda: stack.lake("demo"))
        yield Measure("make demo after make setup", "s", [took], at_most(75))
        time.sleep(REST_SECONDS)
        yield Measure("memory at rest, with dashboard", "GB", [memory(stack.folder)], at_most(1.2))


def memory(folder: Path) -> float:
    """Gigabytes of all processes of the stack, each shared page counted once."""
    total = 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get("LAKE_DIR") == str(folder):
                total += process.memory_full_info().pss
    return total / 1e9
