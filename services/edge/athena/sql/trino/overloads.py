"""The tables of functions as data: of each name its overloads, by their parameters' types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.edge.athena.sql.trino.functions import aggregates, containers, numbers, texts, times

_LINE = re.compile(r"(\w+)\((.*?)\) -> ([^=]+?) = (.+)")


@dataclass(frozen=True)
class Overload:
    name: str
    parameters: tuple[str, ...]
    result: str
    template: str
    repeats: bool

    def fits(self, count: int) -> bool:
        least = len(self.parameters)
        return count >= least if self.repeats else count == least

    def parameter(self, index: int) -> str:
        return self.parameters[min(index, len(self.parameters) - 1)]


def _read(text: str) -> dict[str, list[Overload]]:
    overloads: dict[str, list[Overload]] = {}
    for line in filter(None, text.splitlines()):
        match = _LINE.fullmatch(line)
        assert match, line
        name, written, result, template = match.groups()
        parameters = tuple(split(written.removesuffix("...")))
        overload = Overload(name, parameters, result, template, written.endswith("..."))
        overloads.setdefault(name, []).append(overload)
    return overloads


def split(text: str) -> Iterable[str]:
    """At the commas that are in no parentheses."""
    depth, start = 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield text[start:index].strip()
            start = index + 1
    if text[start:].strip():
        yield text[start:].strip()


SCALARS = _read(
    texts.TEXTS
    + texts.REGULAR_EXPRESSIONS
    + texts.URLS
    + texts.BYTES
    + numbers.NUMBERS
    + times.TIMES
    + containers.CONTAINERS
    + containers.JSON
)
AGGREGATES = _read(aggregates.AGGREGATES)
WINDOWS = _read(aggregates.WINDOWS)
