"""Tests that share the deaths of one edge: what each wrote before is judged after kill -9.

A ledger is a generator: what it does, a `yield` for each kill, what it finds afterwards. Each is
a test by itself, and all in a folder write before the first of them is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

import pytest

from tests.support.process_stack import ProcessStack

KILLS = 3
AT_ONCE = 4
Steps = Callable[[ProcessStack], Generator[None, None, None]]


@dataclass(frozen=True)
class Ledger:
    steps: Steps
    kills: int
    turn: int
    while_down: Callable[[ProcessStack], None]


_written: list[Ledger] = []


def outlives(
    kills: int = 1, turn: int = 0, while_down: Callable[[ProcessStack], None] = lambda _: None
) -> Callable[[Steps], Callable[[Deaths], None]]:
    """Makes a test of a ledger.

    `kills`: how many it yields for. `turn`: a higher one is written later, for what must still be
    going on when the kill comes. `while_down`: what happens to the disk between kill and start.
    """

    def decorated(steps: Steps) -> Callable[[Deaths], None]:
        ledger = Ledger(steps, kills, turn, while_down)
        _written.append(ledger)

        def judged(deaths: Deaths) -> None:
            deaths.judge(ledger)

        judged.__name__, judged.__doc__ = steps.__name__, steps.__doc__
        return judged

    return decorated


@dataclass
class Deaths:
    """Of one edge, between what the ledgers that were collected do."""

    stack: ProcessStack
    _going: dict[Ledger, Generator[None, None, None]] = field(default_factory=dict)
    _failed: dict[Ledger, BaseException] = field(default_factory=dict)

    def write(self) -> None:
        """All ledgers up to the last kill, and the kills."""
        for number in range(KILLS):
            writing = [one for one in _written if one.kills > number]
            turn_of = attrgetter("turn")
            for _, together in groupby(sorted(writing, key=turn_of), turn_of):
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    list(pool.map(self._write, together))
            self.stack.kill("edge")
            for ledger in writing:
                ledger.while_down(self.stack)
            self.stack.start_edge()

    def judge(self, ledger: Ledger) -> None:
        if ledger in self._failed:
            raise self._failed[ledger]
        for _ in self._going[ledger]:
            raise AssertionError(f"expected {ledger.kills} yields")

    def _write(self, ledger: Ledger) -> None:
        going: Any = self._going.setdefault(ledger, ledger.steps(self.stack))
        if ledger in self._failed:
            return
        try:
            next(going)
        except (Exception, pytest.fail.Exception) as error:
            self._failed[ledger] = error
