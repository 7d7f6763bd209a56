"""A comparison of a filter pattern, such as = 4*: sign and value in, a test of values out."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

Test = Callable[[Any], bool]

NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
SIGNS = ("=", "!=", *ORDER)


def test_of(sign: str, kind: str, value: str) -> Test:
    """`kind` is text in quotes, regex or word; raises ValueError where they do not fit."""
    if sign in ORDER:
        if kind == "regex" or not NUMBER.fullmatch(value):
            raise ValueError(f"{sign} compares numbers, found {value!r}")
        return lambda found: _is_number(found) and ORDER[sign](float(found), float(value))
    equal = _equality(kind, value)
    return equal if sign == "=" else lambda found: not equal(found)


def _equality(kind: str, value: str) -> Test:
    if kind == "regex":
        try:
            searched = re.compile(value)
        except re.error as error:
            raise ValueError(f"invalid regular expression {value!r}: {error}") from error
        return lambda found: searched.search(_text(found)) is not None
    if kind == "word" and NUMBER.fullmatch(value):
        return lambda found: (
            _text(found) == value or (_is_number(found) and float(found) == float(value))
        )
    pattern = value.replace("[", "[[]").replace("?", "[?]")  # only * is a wildcard
    return lambda found: fnmatchcase(_text(found), pattern)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
