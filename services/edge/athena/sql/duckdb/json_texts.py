"""JSON as Trino reads and writes it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from services.edge.athena.sql.duckdb.formats import json_path
from services.edge.athena.sql.duckdb.java_texts import double_cast, double_text
from services.edge.athena.sql.duckdb.python_function import PythonFunction

_STEP = re.compile(r'\."([^"]*)"|\[(\d+)\]')


class _Number(str):
    """A number as the JSON has it: 1.10 stays 1.10."""


def json_scalar(text: str, path: str) -> str | None:
    """The text of what stands at the path; nothing for objects, arrays, null and bad JSON."""
    try:
        found = json.loads(text, parse_float=_Number, parse_int=_Number)
        for step in _steps(path):
            found = found[step]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str) else None


@cache
def _steps(path: str) -> list[str | int]:
    """Of a path in DuckDB's notation: `$."a"[0]`."""
    found = _STEP.findall(path)
    return [int(index) if index else name for name, index in found]


def json_at(text: str, path: str) -> str | None:
    """What stands at the path, as it is written but for spaces; nothing in bad JSON."""
    try:
        found = json.loads(text)
        for step in _steps(path):
            found = found[step]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return json_text(found)


def json_text(value: object) -> str:
    """Without spaces; a number with a fraction is a double of Java's."""
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, dict):
        parts = (f"{json_text(k)}:{json_text(v)}" for k, v in value.items())
        return f"{{{','.join(parts)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(json_text, value))}]"
    return json.dumps(value, ensure_ascii=False)


def json_size(text: str, kind: str) -> int | None:
    """Of an array or an object; 0 for others, where any kind is asked for."""
    found = _loaded(text)
    if isinstance(found, list) or (kind == "any" and isinstance(found, dict)):
        return len(found)
    return 0 if kind == "any" else None


def json_element(text: str, index: int) -> str | None:
    found = _loaded(text)
    is_there = isinstance(found, list) and -len(found) <= index < len(found)
    if not is_there or not isinstance(found, list) or found[index] is None:
        return None
    if isinstance(found[index], str):  # its quotes are lost in Trino: no JSON
        raise ValueError("NOT_SUPPORTED: json_array_get of a text is not supported here")
    return json_text(found[index])


def json_contains(text: str, value: str) -> bool | None:
    found = _loaded(text)
    if not isinstance(found, list):
        return None
    wanted = _loaded(value)
    return any(json_text(one) == json_text(wanted) for one in found)


def json_is_scalar(text: str) -> bool:
    try:
        return not isinstance(json.loads(text), (list, dict))
    except ValueError as error:
        raise ValueError(f"INVALID_FUNCTION_ARGUMENT: Invalid JSON value: {text}") from error


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def json_parsed(text: str) -> str:
    """As Trino keeps JSON: without spaces, keys in order."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValueError(
            f"INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: '{text}'"
        ) from error
    return json_text(_sorted(found))


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(one) for key, one in sorted(value.items())}
    return list(map(_sorted, value)) if isinstance(value, list) else value


def number(text: str) -> str:
    """JSON has no NaN and no Infinity: they are texts."""
    return f'"{text}"' if text[-1].isalpha() or text.endswith("y") else text


def read_as(text: str, kind: str, shown: str) -> str | None:
    """What a scalar is cast from: numbers from texts and booleans, booleans from numbers too."""
    found = json.loads(text)
    if found is None:
        return None
    wrong = f"\x01{shown}\x01{text}"
    if isinstance(found, (list, dict)):
        return wrong
    if kind == "boolean":
        if isinstance(found, str):
            return found if found.lower() in ("true", "false", "t", "f", "1", "0") else wrong
        return "true" if found else "false"
    if isinstance(found, bool):
        return "1" if found else "0"
    if isinstance(found, str):
        is_number = re.fullmatch(
            r"[+-]?\d+" if "int" in kind else r"[+-]?[\d.]+([eE]-?\d+)?", found
        )
        return found if is_number else wrong
    if isinstance(found, float) and "int" in kind:
        return str(int(found + (0.5 if found >= 0 else -0.5)))
    return str(found)


def as_text(text: str) -> str | None:
    found = json.loads(text)
    if isinstance(found, (list, dict)):
        raise ValueError(f"INVALID_CAST_ARGUMENT: Cannot cast '{text}' to varchar")
    if isinstance(found, float):
        return double_cast(found)
    return found if isinstance(found, str) or found is None else json_text(found)


def elements(text: str, shown: str) -> list[str] | None:
    found = _of(text, list, shown)
    return None if found is None else [json_text(one) for one in found]


def entries(text: str, shown: str) -> list[list[str]] | None:
    found = _of(text, dict, shown)
    return None if found is None else [[key, json_text(one)] for key, one in found.items()]


def _of(text: str, kind: type, shown: str) -> Any:
    found = json.loads(text)
    if found is not None and not isinstance(found, kind):
        raise ValueError(f"INVALID_CAST_ARGUMENT: Cannot cast to {shown}. {text}")
    return found


def checked_object(text: str, shown: str) -> str | None:
    found = json.loads(text)
    if found is not None and not isinstance(found, (list, dict)):
        raise ValueError(f"INVALID_CAST_ARGUMENT: Cannot cast to {shown}. {text}")
    return None if found is None else text


def field(text: str, name: str, index: int) -> str | None:
    """By its name from an object, by its place from an array."""
    found = json.loads(text)
    if isinstance(found, list):
        return json_text(found[index]) if index < len(found) else None
    return json_text(found[name]) if name in found else None


_TEXT = "VARCHAR"
FUNCTIONS: dict[str, PythonFunction] = {
    "json_scalar": (json_scalar, [_TEXT, _TEXT], _TEXT),
    "json_path": (lambda path: json_path(path, None), [_TEXT], _TEXT),
    "json_parsed": (json_parsed, [_TEXT], _TEXT),
    "json_at": (json_at, [_TEXT, _TEXT], _TEXT),
    "json_size": (json_size, [_TEXT, _TEXT], "BIGINT"),
    "json_element": (json_element, [_TEXT, "BIGINT"], _TEXT),
    "json_contains": (json_contains, [_TEXT, _TEXT], "BOOLEAN"),
    "json_is_scalar": (json_is_scalar, [_TEXT], "BOOLEAN"),
    "json_number": (number, [_TEXT], _TEXT),
    "json_as": (read_as, [_TEXT, _TEXT, _TEXT], _TEXT),
    "json_text": (as_text, [_TEXT], _TEXT),
    "json_elements": (elements, [_TEXT, _TEXT], "VARCHAR[]"),
    "json_entries": (entries, [_TEXT, _TEXT], "VARCHAR[][]"),
    "json_object": (checked_object, [_TEXT, _TEXT], _TEXT),
    "json_field": (field, [_TEXT, _TEXT, "BIGINT"], _TEXT),
}
