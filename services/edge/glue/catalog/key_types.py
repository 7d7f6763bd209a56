"""Partition values in a form whose texts sort as the values of the key's type do."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from services.edge.glue.errors import invalid_input

TEXTS = frozenset({"string", "char", "varchar"})
INTEGERS = {"tinyint": 8, "smallint": 16, "int": 32, "integer": 32, "bigint": 64, "long": 64}
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,9}))?", re.ASCII)
# Decimals of Glue have 38 digits; far beyond that a number is none.
EXPONENT_OFFSET = 5000
NINES_COMPLEMENT = str.maketrans("0123456789", "9876543210")


class MisfitError(Exception):
    """A text that is no value of the key's type; the message is the one that Glue gives."""


def base(key_type: str) -> str:
    """`decimal` of `decimal(10,2)`."""
    return key_type.split("(", 1)[0].strip().lower()


def sortable(key_type: str, text: str) -> str:
    """Equal values have equal forms; raises MisfitError for what is not of the type.

    Types that Glue cannot filter by are kept as they are; `filterable` refuses them.
    """
    kind = base(key_type)
    if kind in INTEGERS:
        return _integer(text, INTEGERS[kind])
    if kind == "decimal":
        return _decimal(text)
    if kind == "date":
        return _date(text)
    if kind == "timestamp":
        return _timestamp(text)
    return text


def filterable(key_type: str) -> str:
    kind = base(key_type)
    if kind not in {*TEXTS, *INTEGERS, "decimal", "date", "timestamp"}:
        raise invalid_input(f"Unknown type : '{key_type}'")
    return kind


def _integer(text: str, bits: int) -> str:
    if not re.fullmatch(r"[+-]?\d{1,40}", text, re.ASCII):
        raise MisfitError(f'For input string: "{text}" is not an integer.')
    number = int(text)
    if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
        raise MisfitError(f'For input string: "{text}" is not an integer.')
    return _ordered(Decimal(number))


def _decimal(text: str) -> str:
    if not DECIMAL.fullmatch(text) or abs(Decimal(text).adjusted()) >= EXPONENT_OFFSET:
        raise MisfitError(f"{text} is not a decimal.")
    return _ordered(Decimal(text))


def _ordered(number: Decimal) -> str:
    """Sign, exponent, digits; the last two turned round where the number is negative."""
    if not number:
        return "1"
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0")
    size = f"{number.adjusted() + EXPONENT_OFFSET:04d}{digits}"
    return f"2{size}" if number > 0 else f"0{size.translate(NINES_COMPLEMENT)}:"


def _date(text: str) -> str:
    if not (DATE.fullmatch(text) and _is_instant(text)):
        raise MisfitError(f"{text} is not a date.")
    return text


def _timestamp(text: str) -> str:
    match = TIMESTAMP.fullmatch(text)
    if match is None or not _is_instant(match[1]):
        raise MisfitError(
            f"Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff] {text} is not a timestamp."
        )
    return f"{match[1]}.{(match[2] or '').ljust(9, '0')}"


def _is_instant(text: str) -> bool:
    """Whether such a day, and hour, is in the calendar."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
