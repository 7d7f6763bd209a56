"""Bytes in, a JSON object out, whatever a hostile sender wrote; and values back as JSON text."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

# Python's own limit of digits (sys.set_int_max_str_digits) where a version has one, made explicit.
LONGEST_INT = 4300


class UnreadableJsonError(ValueError):
    """The bytes are not one JSON object, or exceed what a parser takes."""


def json_object(raw: bytes) -> dict[str, Any]:
    """The JSON object that the UTF-8 bytes hold.

    A number beyond a double becomes null. NaN and Infinity are not JSON, though Python reads them.
    """
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
    # A list within a list within ... is a RecursionError to the parser, not a ValueError.
    except (ValueError, RecursionError) as error:
        raise UnreadableJsonError(f"Expected JSON in UTF-8, found: {error}") from error
    if not isinstance(value, dict):
        raise UnreadableJsonError(f"Expected a JSON object, found a {type(value).__name__}.")
    return value


def json_text(value: dict[str, Any]) -> str:
    """The object as compact JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError as error:
        raise UnreadableJsonError(f"Expected JSON less deep, found: {error}") from error


def storable(text: str) -> str:
    """The text with U+FFFD for half surrogates, which JSON's escapes can make and UTF-8 cannot."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _limited_int(digits: str) -> int:
    if len(digits) > LONGEST_INT:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _finite_float(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"the constant {constant}")


_DECODER = json.JSONDecoder(
    parse_int=_limited_int,
    parse_float=_finite_float,  # type: ignore[arg-type]
    parse_constant=_refused,
)
