"""A pytest plugin: tells at the end of a run where its time went."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

SLOWEST = 20
_starts: list[tuple[str, float]] = []
_notes: list[str] = []


@contextmanager
def start_of(part: str) -> Iterator[None]:
    """Counts a start of an endpoint, a Spark service or a stack, and its seconds until healthy."""
    since = time.monotonic()
    try:
        yield
    finally:
        _starts.append((part, time.monotonic() - since))


def note(line: str) -> None:
    """A line for the end of the run, whatever lane it comes from."""
    _notes.append(line)


class TimeSpent:
    """In a lane it sends what was counted there; where the run is led it adds all up."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._files: Counter[str] = Counter()
        self._lanes: dict[str, float] = {}
        self._busy = _busy_seconds()

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._files[report.nodeid.partition("::")[0]] += report.duration

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput |= {"starts": _starts, "notes": _notes}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output = getattr(node, "workeroutput", {})
        _starts.extend(output.get("starts", []))
        _notes.extend(output.get("notes", []))
        self._lanes[node.gateway.id] = time.monotonic() - self._since

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self._files:
            return
        terminalreporter.section("where the time went")
        for path, seconds in self._files.most_common(SLOWEST):
            terminalreporter.line(f"{seconds:7.1f} s  {path}")
        for part, count in Counter(part for part, _ in _starts).most_common():
            seconds = sum(taken for started, taken in _starts if started == part)
            terminalreporter.line(f"{seconds:7.1f} s  {count} starts of {part}")
        for lane, seconds in sorted(self._lanes.items()):
            terminalreporter.line(f"{seconds:7.1f} s  until lane {lane} had ended")
        busy, cores = _busy_seconds() - self._busy, psutil.cpu_count()
        share = busy / (time.monotonic() - self._since) / cores
        terminalreporter.line(
            f"{busy:7.1f} s  of this machine's {cores} cores: {share:.0%} of them"
        )
        for line in _notes:
            terminalreporter.line(line)


def _busy_seconds() -> float:
    """Of all cores since the machine's start, whatever ran on them."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0) - getattr(times, "guest", 0)
