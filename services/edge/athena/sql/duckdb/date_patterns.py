"""Dates by the patterns of Joda and MySQL that strftime has not, or that differ from row to row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from services.edge.athena.sql.duckdb import formats
from services.edge.athena.sql.duckdb.python_function import PythonFunction
from services.edge.athena.sql.duckdb.python_functions import date_parse

_INVALID = "INVALID_FUNCTION_ARGUMENT: "
_NUMBERS: dict[str, Callable[[datetime], int]] = {
    "C": lambda clock: clock.year // 100,
    "y": lambda clock: clock.year,
    "Y": lambda clock: clock.year,
    "x": lambda clock: clock.isocalendar()[0],
    "w": lambda clock: clock.isocalendar()[1],
    "e": lambda clock: clock.isoweekday(),
    "D": lambda clock: clock.timetuple().tm_yday,
    "M": lambda clock: clock.month,
    "d": lambda clock: clock.day,
    "K": lambda clock: clock.hour % 12,
    "h": lambda clock: clock.hour % 12 or 12,
    "H": lambda clock: clock.hour,
    "k": lambda clock: clock.hour or 24,
    "m": lambda clock: clock.minute,
    "s": lambda clock: clock.second,
}


def joda_format(clock: datetime, minutes: int, zone: str, pattern: str) -> str:
    """`clock` as it shows in `zone`, which is `minutes` ahead of UTC."""
    if not pattern:
        raise ValueError(f"{_INVALID}Invalid pattern specification")
    return "".join(
        _shown(piece[0], len(piece), clock, minutes, zone) if is_letters else piece
        for piece, is_letters in _pieces(pattern)
    )


def _pieces(pattern: str) -> list[tuple[str, bool]]:
    """Runs of one letter, and the text between them."""
    found = []
    for match in re.finditer(r"''|'((?:[^']|'')*)(?:'|$)|([A-Za-z])\2*|[^A-Za-z']+", pattern):
        if match[2]:
            found.append((match[0], True))
        elif match[0] == "''":
            found.append(("'", False))
        else:
            plain = match[0] if match[1] is None else match[1].replace("''", "'")
            found.append((plain, False))
    return found


def _shown(letter: str, count: int, clock: datetime, minutes: int, zone: str) -> str:
    if letter == "M" and count >= 3:
        return clock.strftime("%b" if count == 3 else "%B")
    if letter in "yYx" and count == 2:
        return f"{_NUMBERS[letter](clock) % 100:02d}"
    if letter in _NUMBERS:
        return f"{_NUMBERS[letter](clock):0{count}d}"
    if letter == "S":
        return f"{clock.microsecond // 1000:03d}".ljust(count, "0")[:count]
    if letter == "E":
        return clock.strftime("%a" if count < 4 else "%A")
    if letter in "aG":
        return clock.strftime("%p") if letter == "a" else "AD"
    if letter in "zZ":
        return _zone_shown(letter, count, clock, minutes, zone)
    raise ValueError(f"{_INVALID}Illegal pattern component: {letter * count}")


def _zone_shown(letter: str, count: int, clock: datetime, minutes: int, zone: str) -> str:
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    if letter == "Z" and count < 3:
        return f"{sign}{size // 60:02d}{':' if count == 2 else ''}{size % 60:02d}"
    if letter == "Z" or zone == "UTC" or zone[0] in "+-":
        return zone
    if count > 3:
        raise ValueError(f"NOT_SUPPORTED: The name of the zone {zone} is not supported here")
    here = clock.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    return here.astimezone(ZoneInfo(zone)).strftime("%Z")


def joda_parse(text: str, pattern: str) -> datetime:
    """What the pattern does not name is of 1970-01-01; a zone would be the type's here."""
    if any(is_letters and piece[0] in "zZ" for piece, is_letters in _pieces(pattern)):
        raise ValueError("NOT_SUPPORTED: A zone in parse_datetime is not supported here")
    return date_parse(text, formats.joda(pattern, None))


def date_format(clock: datetime, pattern: str) -> str:
    return clock.strftime(formats.mysql(pattern, None))


def date_parse_by(text: str, pattern: str) -> datetime:
    return date_parse(text, formats.mysql(pattern, None))


_TEXT, _CLOCK = "VARCHAR", "TIMESTAMP"
FUNCTIONS: dict[str, PythonFunction] = {
    "joda_format": (joda_format, [_CLOCK, "BIGINT", _TEXT, _TEXT], _TEXT),
    "joda_parse": (joda_parse, [_TEXT, _TEXT], _CLOCK),
    "date_format": (date_format, [_CLOCK, _TEXT], _TEXT),
    "date_parse_by": (date_parse_by, [_TEXT, _TEXT], _CLOCK),
}
