"""Functions of Trino that DuckDB calls in Python: Java's numbers, URLs, JSON as it is written."""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

_STEP = re.compile(r'\."([^"]*)"|\[(\d+)\]')


def double_text(value: float) -> str:
    """As Java writes a double: 1.0, 1.0E7, 1.0E-5, NaN, Infinity."""
    return _java(value, repr(value))


def real_text(value: float) -> str:
    for precision in range(1, 10):  # the shortest digits that make the same 32-bit number
        written = f"{value:.{precision}g}"
        if struct.pack("f", float(written)) == struct.pack("f", value):
            break
    return _java(value, written)


def _java(value: float, written: str) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign, numerals, exponent = Decimal(written).normalize().as_tuple()
    digits, point = "".join(map(str, numerals)), len(numerals) + int(exponent)
    if -2 <= point <= 7:
        padded = digits.ljust(point, "0") if point > 0 else "0" * (1 - point) + digits
        at = max(point, 1)
        return f"{'-' * sign}{padded[:at]}.{padded[at:] or '0'}"
    return f"{'-' * sign}{digits[0]}.{digits[1:] or '0'}E{point - 1}"


def url_part(url: str, part: str) -> str | None:
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        return None
    parts = {
        "protocol": found.scheme,
        "host": found.netloc.rpartition("@")[2].partition(":")[0],
        "path": found.path,
        "query": found.query,
        "fragment": found.fragment,
        "port": None if port is None else str(port),
    }
    return parts[part]


def url_parameter(url: str, name: str) -> str | None:
    query = url_part(url, "query") or ""
    return next((v for k, v in parse_qsl(query, keep_blank_values=True) if k == name), None)


def url_decode(value: str) -> str:
    return unquote_plus(value)


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


def json_parsed(text: str) -> str:
    """As Trino keeps JSON: without spaces, keys in order."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValueError(
            f"INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: '{text}'"
        ) from error
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def nullable(function: Callable[[str, str], str | None]) -> Callable[[str, str], str | None]:
    """For functions whose answer may be NULL: DuckDB then gives them NULL as well."""

    def called(first: str | None, second: str | None) -> Any:
        return None if first is None or second is None else function(first, second)

    return called
