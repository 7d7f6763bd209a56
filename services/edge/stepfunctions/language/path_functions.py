"""The functions that may end a JSONPath, such as `$.items.length()`: a value in, a value out."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

NUMERIC: dict[str, Callable[[list[float]], float]] = {
    "min": min,
    "max": max,
    "sum": sum,
    "avg": statistics.fmean,
    "stddev": statistics.pstdev,
}
NAMES = frozenset({*NUMERIC, "length", "size", "keys", "concat", "append", "first", "last"})


def applied(name: str, value: Any, arguments: tuple[Any, ...]) -> Any:
    if name in NUMERIC:
        return _numeric(name, value, arguments)
    if name in ("length", "size"):
        return len(value) if isinstance(value, list | dict | str) else None
    if name == "keys":
        return list(value) if isinstance(value, dict) else None
    if name == "concat":
        return "".join(str(one) for one in (*_listed(value, str), *arguments))
    if name == "append":
        return [*value, *arguments] if isinstance(value, list) else value
    if not isinstance(value, list) or not value:
        raise ValueError(f"{name}() was asked of a value that has no elements")
    return value[0] if name == "first" else value[-1]


def _numeric(name: str, value: Any, arguments: tuple[Any, ...]) -> float:
    numbers = [
        one for one in (*_listed(value, int | float), *arguments) if not isinstance(one, bool)
    ]
    if not numbers:
        raise ValueError(f"Aggregation function {name}() attempted to calculate an empty array")
    return NUMERIC[name](numbers)


def _listed(value: Any, kind: Any) -> list[Any]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, kind)]
