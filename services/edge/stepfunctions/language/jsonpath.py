"""JSONPath in the dialect of Jayway, which Step Functions uses: a path and a document in, a value
out. A definite path answers what it names, an indefinite one always a list, of one or of none too.

https://github.com/json-path/JsonPath
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.edge.stepfunctions.language import path_filters, path_functions
from services.edge.stepfunctions.language.path_filters import Filter
from services.edge.stepfunctions.language.path_reader import Reader

MISSING = path_filters.MISSING
NAME = re.compile(r"[^\s.\[\]()'\",*?@&|!=<>~]+")
INTEGER = re.compile(r"-?\d+")


class PathError(ValueError):
    """The path cannot be read; the message says where."""


@dataclass(frozen=True)
class Step:
    """One of: names, indexes, a slice, all, a filter; `deep` looks at every level below."""

    kind: str
    values: tuple[Any, ...] = ()
    deep: bool = False

    @property
    def definite(self) -> bool:
        one = self.kind == "names" or (self.kind == "indexes" and len(self.values) == 1)
        return one and not self.deep


@dataclass(frozen=True)
class Path:
    steps: tuple[Step, ...]
    function: tuple[str, tuple[Any, ...]] | None

    @property
    def definite(self) -> bool:
        return all(step.definite for step in self.steps)


def find(text: str, document: Any, root: Any = None) -> Any:
    """The value at the path, or MISSING where a definite path leads nowhere."""
    path = parsed(text)
    root = document if root is None else root
    found = [document]
    for step in path.steps:
        found = [one for value in found for one in _taken(step, value, root)]
    value: Any = found if not path.definite else found[0] if found else MISSING
    if path.function and value is not MISSING:
        return path_functions.applied(path.function[0], value, path.function[1])
    return value


@cache
def parsed(text: str) -> Path:
    if not text.startswith(("$", "@")):
        raise PathError(f"Expected a path that begins with $, found {text!r}")
    reader = Reader(text, 1, find)
    steps: list[Step] = []
    try:
        while not reader.ended():
            step = _step(reader)
            if isinstance(step, str):
                return _with_function(reader, steps, step)
            steps.append(step)
    except ValueError as error:
        raise PathError(f"Invalid path '{text}': {error}") from error
    return Path(tuple(steps), None)


def _with_function(reader: Reader, steps: list[Step], name: str) -> Path:
    arguments = reader.arguments()
    if not reader.ended():
        raise ValueError(f"nothing may follow {name}()")
    return Path(tuple(steps), (name, arguments))


def _step(reader: Reader) -> Step | str:
    deep = reader.took("..")
    if not deep and not reader.took("."):
        return _bracket(reader, deep=False)
    if reader.took("*"):
        return Step("all", deep=deep)
    if reader.sees("["):
        return _bracket(reader, deep)
    name = reader.match(NAME)
    if reader.sees("("):
        if name not in path_functions.NAMES:
            raise ValueError(f"there is no function {name}()")
        return name
    return Step("names", (name,), deep)


def _bracket(reader: Reader, deep: bool) -> Step:
    reader.expect("[")
    reader.blanks()
    if reader.took("*"):
        step = Step("all", deep=deep)
    elif reader.took("?"):
        step = Step("filter", (Filter.read(reader),), deep)
    elif reader.sees("'") or reader.sees('"'):
        step = Step("names", tuple(reader.listed(reader.quoted)), deep)
    else:
        step = _numbers(reader, deep)
    reader.blanks()
    reader.expect("]")
    return step


def _numbers(reader: Reader, deep: bool) -> Step:
    text = reader.until("]").strip()
    if ":" in text:
        parts = [part.strip() for part in text.split(":")]
        bounds = tuple(int(part) if part else None for part in parts)
        if len(bounds) > 3 or (len(bounds) == 3 and bounds[2] == 0):
            raise ValueError(f"[{text}] is no slice")
        return Step("slice", bounds, deep)
    parts = [part.strip() for part in text.split(",")]
    if not all(INTEGER.fullmatch(part) for part in parts):
        raise ValueError(f"[{text}] is no index, slice, name or filter")
    return Step("indexes", tuple(int(part) for part in parts), deep)


def _taken(step: Step, value: Any, root: Any) -> Iterator[Any]:
    for one in _below(value) if step.deep else (value,):
        yield from _at(step, one, root)


def _below(value: Any) -> Iterator[Any]:
    yield value
    for child in _children(value):
        yield from _below(child)


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _at(step: Step, value: Any, root: Any) -> Iterator[Any]:
    if step.kind == "all":
        yield from _children(value)
    elif step.kind == "names" and isinstance(value, dict):
        if len(step.values) == 1:
            yield from (value[name] for name in step.values if name in value)
        else:
            yield {name: value[name] for name in step.values if name in value}
    elif step.kind == "filter":
        (kept,) = step.values
        among = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        yield from (one for one in among if kept.holds(one, root))
    elif step.kind == "slice" and isinstance(value, list):
        yield from value[slice(*step.values)]
    elif step.kind == "indexes" and isinstance(value, list):
        yield from (value[at] for at in step.values if -len(value) <= at < len(value))
