"""The fields of a bronze object that nothing here knows, by path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lakehouse.event_columns import KNOWN_FIELDS, KNOWN_OBJECTS
from lakehouse.strict_json import storable

# A sender can invent as many and as long names as fit a body; a report needs few and short ones.
MOST_FIELDS = 20
LONGEST_NAME = 80


def unknown_fields(bronze: dict[str, Any]) -> list[str]:
    """The paths of the object's unknown fields, each once, in order, at most MOST_FIELDS."""
    return sorted(set(_unknown(bronze, "")))[:MOST_FIELDS]


def _unknown(value: Any, path: str) -> Iterator[str]:
    # As deep as the known objects at most, so that a deep body cannot exhaust the stack.
    if isinstance(value, list):
        for element in value:
            if isinstance(element, dict):
                yield from _unknown(element, path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            inner_path = f"{path}.{name}" if path else name
            if inner_path in KNOWN_OBJECTS:
                yield from _unknown(inner, inner_path)
            elif inner_path not in KNOWN_FIELDS:
                yield storable(f"{path}." if path else "") + storable(name[:LONGEST_NAME])
