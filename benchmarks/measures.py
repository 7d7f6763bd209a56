"""What a row has measured, and whether it meets its target; the rounds of rivals interleaved."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Work = Callable[[], float]


@dataclass(frozen=True)
class Target:
    """A limit of the median; with a rival, of the ratio of the medians, ours to the rival's."""

    limit: float
    is_least: bool = False

    def allows(self, figure: float) -> bool:
        return figure >= self.limit if self.is_least else figure <= self.limit


def at_most(limit: float) -> Target:
    return Target(limit)


def at_least(limit: float) -> Target:
    return Target(limit, is_least=True)


@dataclass(frozen=True)
class Measure:
    """One line of the table; `theirs` is empty where there is no rival but only a limit."""

    what: str
    unit: str
    ours: list[float]
    target: Target | None = None
    rival: str = ""
    theirs: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float | None:
        return median(self.ours) / median(self.theirs) if self.theirs else None

    @property
    def is_met(self) -> bool:
        figure = median(self.ours) if self.ratio is None else self.ratio
        return self.target is None or self.target.allows(figure)

    def document(self) -> dict[str, Any]:
        limit = self.target and {
            ("at_least" if self.target.is_least else "at_most"): self.target.limit
        }
        return {
            **{"what": self.what, "unit": self.unit, "ours": self.ours, "rival": self.rival},
            **{"theirs": self.theirs, "ratio": self.ratio, "target": limit, "met": self.is_met},
        }


def interleaved(works: Mapping[str, Work], rounds: int) -> dict[str, list[float]]:
    """What each work returned in each round; the order turns, and the first round warms up."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        turns = list(works.items())
        for name, work in turns if number % 2 else reversed(turns):
            figure = work()
            if number:
                found[name].append(figure)
    return found


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
