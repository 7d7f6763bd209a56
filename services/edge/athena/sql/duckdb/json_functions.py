"""json_value, json_query, json_exists, json_object and json_array of the SQL standard.

https://trino.io/docs/current/functions/json.html
"""

from __future__ import annotations

import json
from typing import Any

from services.edge.athena.sql.duckdb.java_texts import double_cast
from services.edge.athena.sql.duckdb.json_path_items import PathError
from services.edge.athena.sql.duckdb.json_paths import parsed
from services.edge.athena.sql.duckdb.json_texts import json_text
from services.edge.athena.sql.duckdb.python_function import PythonFunction

DEFAULT = "\x02"  # and `empty` or `error`: the caller has the value


def _items(text: str, path: str) -> list[Any]:
    """Raises ValueError with Trino's code."""
    try:
        root = json.loads(text)
    except ValueError as error:
        raise ValueError("JSON_INPUT_CONVERSION_ERROR: conversion to JSON failed: ") from error
    try:
        return parsed(path)(root)
    except PathError as error:
        raise ValueError(f"PATH_EVALUATION_ERROR: path evaluation failed: {error}") from error


def json_value(text: str, path: str, kind: str, empty: str, wrong: str) -> str | None:
    """A scalar as the text that a cast to `kind` takes."""
    what = "JSON_VALUE_RESULT_ERROR: cannot extract SQL scalar from JSON: JSON path found"
    try:
        items = _items(text, path)
        if len(items) > 1:
            raise ValueError(f"{what} multiple items")
        if items and isinstance(items[0], (list, dict)):
            raise ValueError(f"{what} a complex item")
    except ValueError:
        return _handled(wrong, "error")
    if not items:
        if empty == "error":
            raise ValueError(f"{what} no items")
        return _handled(empty, "empty")
    return _scalar(items[0], kind)


def _handled(how: str, when: str) -> str | None:
    if how == "error":
        raise
    return f"{DEFAULT}{when}" if how == "default" else None


def _scalar(item: Any, kind: str) -> str | None:
    if item is None:
        return None
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, float):
        if kind == "whole":
            return str(int(item + (0.5 if item >= 0 else -0.5)))
        return double_cast(item)
    return str(item)


def json_exists(text: str, path: str, wrong: str) -> str | None:
    try:
        return "true" if _items(text, path) else "false"
    except ValueError:
        if wrong == "error":
            raise
        return None if wrong == "unknown" else wrong


def json_query(
    text: str, path: str, wrapper: str, quotes: str, empty: str, wrong: str
) -> str | None:
    try:
        items = _items(text, path)
        if not items:
            return _instead(empty)
        is_one = len(items) == 1
        if wrapper == "with" or (
            wrapper == "conditional" and not (is_one and isinstance(items[0], (list, dict)))
        ):
            items = [items]
        elif not is_one:
            raise ValueError(
                "JSON_OUTPUT_CONVERSION_ERROR: conversion from JSON failed: JSON path found"
                " multiple items"
            )
    except ValueError:
        if wrong == "error":
            raise
        return _instead(wrong)
    if quotes == "omit" and isinstance(items[0], str):
        return items[0]
    return json_text(items[0])


def _instead(how: str) -> str | None:
    if how == "error":
        raise ValueError("JSON_OUTPUT_CONVERSION_ERROR: JSON path found no items")
    return {"array": "[]", "object": "{}"}.get(how)


def json_object(keys: list[str], values: list[str | None], nulls: str, unique: str) -> str:
    """The values are JSON already; keys in order, as Trino keeps them."""
    found: dict[str, str] = {}
    for key, value in zip(keys, values, strict=True):
        if key is None:
            raise ValueError("INVALID_FUNCTION_ARGUMENT: null value passed for JSON object key")
        if value is None and nulls == "absent":
            continue
        if key in found:
            code = "INVALID_FUNCTION_ARGUMENT" if unique == "unique" else "NOT_SUPPORTED"
            raise ValueError(f"{code}: duplicate key passed to JSON_OBJECT function")
        found[key] = "null" if value is None else value
    parts = (f"{json.dumps(k, ensure_ascii=False)}:{found[k]}" for k in sorted(found))
    return f"{{{','.join(parts)}}}"


def json_array(values: list[str | None], nulls: str) -> str:
    kept = [value for value in values if value is not None or nulls == "null"]
    return f"[{','.join('null' if value is None else value for value in kept)}]"


_TEXT = "VARCHAR"
FUNCTIONS: dict[str, PythonFunction] = {
    "json_value": (json_value, [_TEXT] * 5, _TEXT),
    "json_exists": (json_exists, [_TEXT] * 3, _TEXT),
    "json_query": (json_query, [_TEXT] * 6, _TEXT),
    "json_object_of": (json_object, [f"{_TEXT}[]", f"{_TEXT}[]", _TEXT, _TEXT], _TEXT),
    "json_array_of": (json_array, [f"{_TEXT}[]", _TEXT], _TEXT),
}
