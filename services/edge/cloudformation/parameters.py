"""Parameters of Glue's inputs: templates write numbers and truth values where the API has texts."""

from __future__ import annotations

from typing import Any


def with_texts(given: Any) -> Any:
    """The same document with every value of each `Parameters` as a text."""
    if isinstance(given, list):
        return [with_texts(item) for item in given]
    if not isinstance(given, dict):
        return given
    return {
        name: texts(value) if name == "Parameters" else with_texts(value)
        for name, value in given.items()
    }


def texts(parameters: dict[str, Any]) -> dict[str, str]:
    """Each value as a text."""
    return {name: _text(value) for name, value in parameters.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
