"""Functions on texts that DuckDB lacks, or has with another meaning."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from services.edge.athena.sql.duckdb.python_function import PythonFunction

_INVALID = "INVALID_FUNCTION_ARGUMENT: "
_SOUNDS = {
    one: code
    for code, group in enumerate(("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), 1)
    for one in group
}


def upper(text: str) -> str:
    """Character by character, as Trino: ß has no capital of one character."""
    return "".join(one.upper() if len(one.upper()) == 1 else one for one in text)


def place(text: str, part: str, occurrence: int) -> int:
    """Where a part stands for the nth time, from 1; from the end where n is negative."""
    if occurrence == 0:
        raise ValueError(f"{_INVALID}'instance' must not be a positive or negative number.")
    if not part:
        return 1
    at = -1 if occurrence > 0 else len(text) + 1
    for _ in range(abs(occurrence)):
        at = text.find(part, at + 1) if occurrence > 0 else text.rfind(part, 0, at + len(part) - 1)
        if at < 0:
            return 0
    return at + 1


def replaced(text: str, part: str, other: str) -> str:
    return text.replace(part, other)


def pad_size(size: int, padding: str) -> int:
    if not 0 <= size < 2**31:
        raise ValueError(f"{_INVALID}Target length must be in the range [0..2147483647]")
    if not padding:
        raise ValueError(f"{_INVALID}Padding string must not be empty")
    return size


def parts(text: str, delimiter: str) -> list[str]:
    if not delimiter:
        raise ValueError(f"{_INVALID}The delimiter may not be the empty string")
    return text.split(delimiter)


def parts_limited(text: str, delimiter: str, limit: int) -> list[str]:
    if limit < 1:
        raise ValueError(f"{_INVALID}Limit must be positive")
    if not delimiter:
        raise ValueError(f"{_INVALID}The delimiter may not be the empty string")
    return text.split(delimiter, limit - 1)


def pairs(text: str, between: str, within: str) -> list[list[str]]:
    found = []
    for one in text.split(between) if text else []:
        if one.count(within) != 1:
            raise ValueError(
                f"{_INVALID}Key-value delimiter must appear exactly once in each entry."
                f" Bad input: '{one}'"
            )
        found.append(one.split(within))
    return found


def character(code: int) -> str:
    if not 0 <= code <= 0x10FFFF:
        raise ValueError(f"{_INVALID}Not a valid Unicode code point: {code}")
    return chr(code)


def code_point(text: str) -> int:
    if len(text) != 1:
        raise ValueError(f"{_INVALID}Input string must be a single character string")
    return ord(text)


def hamming(first: str, second: str) -> int:
    if len(first) != len(second):
        raise ValueError(
            f"{_INVALID}The input strings to hamming_distance function must have the same length"
        )
    return sum(a != b for a, b in zip(first, second, strict=True))


def levenshtein(first: str, second: str) -> int:
    """By code points."""
    row = list(range(len(second) + 1))
    for at, one in enumerate(first, 1):
        before, row[0] = row[0], at
        for index, other in enumerate(second, 1):
            before, row[index] = (
                row[index],
                min(row[index] + 1, row[index - 1] + 1, before + (one != other)),
            )
    return row[-1]


_SIZES = {
    unit: 1024**power
    for power, unit in enumerate(("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"))
}


def data_size(text: str) -> str:
    """Bytes of `2.3MB`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([a-zA-Z]+)", text)
    if found is None or found[2] not in _SIZES:
        raise ValueError(f"{_INVALID}Invalid data size: '{text}'")
    return str(int(Decimal(found[1]) * _SIZES[found[2]]))


def soundex(text: str) -> str:
    letters = [one for one in text.upper() if one.isalpha()]
    if any(ord(letter) > 127 for letter in letters):
        raise ValueError(f"{_INVALID}The character is not mapped: {text}")
    if not letters:
        return ""
    found, last = letters[0], _SOUNDS.get(letters[0])
    for letter in letters[1:]:
        code = _SOUNDS.get(letter)
        if code is not None and code != last:
            found += str(code)
        if letter not in "HW":
            last = code
    return found[:4].ljust(4, "0")


def luhn_check(text: str) -> bool:
    if not text:
        return False
    if not re.fullmatch("[0-9]+", text):
        raise ValueError(f"{_INVALID}Input contains non-digit character")
    doubled = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(text))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def normalized(text: str, form: str) -> str:
    return unicodedata.normalize(form, text)  # type: ignore[arg-type]


def from_utf8(data: bytes, replacement: str) -> str:
    if len(replacement) > 1:
        raise ValueError(f"{_INVALID}Replacement character string must empty or a single character")
    return data.decode(errors="replace").replace("�", replacement)


def short_number(value: float) -> str:
    """1500 as 1.5K, with three digits."""
    if not math.isfinite(value):
        raise ValueError(f"NOT_SUPPORTED: format_number of {value} is not supported here")
    size, unit = abs(value), ""
    for unit in ("", "K", "M", "B", "T", "Q"):
        if size < 1000 or unit == "Q":
            break
        size /= 1000
    digits = 2 if size < 10 else 1 if size < 100 else 0
    shown = Decimal(repr(size)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    written = f"{shown:f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return f"{'-' if value < 0 else ''}{written}{unit}"


def readable_seconds(value: float) -> str:
    seconds, found = math.floor(value + 0.5), []
    for size, name in ((604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute")):
        number, seconds = divmod(seconds, size)
        if number:
            found.append(f"{number} {name}{'s' if number != 1 else ''}")
    if seconds or not found:
        found.append(f"{seconds} second{'s' if seconds != 1 else ''}")
    return ", ".join(found)


_DURATIONS = {
    **{"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000},
}


def duration(text: str) -> int:
    """Milliseconds of `3.81 d`."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*", text)
    if found is None or found[2] not in _DURATIONS:
        raise ValueError(f"{_INVALID}duration is not a valid data duration string: {text}")
    return round(float(found[1]) * _DURATIONS[found[2]])


def iso_date(text: str) -> date:
    """2020-05-11, 2020-05, 2020, 2020-123, 2020-W10, 2020-W10-3."""
    try:
        if found := re.fullmatch(r"(\d{4})-W(\d{2})(?:-(\d))?", text):
            return date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1))
        if re.fullmatch(r"\d{4}-\d{3}", text):
            return datetime.strptime(text, "%Y-%j").date()  # noqa: DTZ007
        if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
            return date.fromisoformat(f"{text}-01-01"[:10] if len(text) != 7 else f"{text}-01")
    except ValueError:
        pass
    raise ValueError(f'{_INVALID}Invalid format: "{text}"')


_TEXT, _WHOLE, _TEXTS = "VARCHAR", "BIGINT", "VARCHAR[]"
FUNCTIONS: dict[str, PythonFunction] = {
    "upper": (upper, [_TEXT], _TEXT),
    "strpos": (place, [_TEXT, _TEXT, _WHOLE], _WHOLE),
    "replace": (replaced, [_TEXT, _TEXT, _TEXT], _TEXT),
    "pad_size": (pad_size, [_WHOLE, _TEXT], "INTEGER"),
    "split": (parts, [_TEXT, _TEXT], _TEXTS),
    "split_limited": (parts_limited, [_TEXT, _TEXT, _WHOLE], _TEXTS),
    "split_entries": (pairs, [_TEXT, _TEXT, _TEXT], "VARCHAR[][]"),
    "chr": (character, [_WHOLE], _TEXT),
    "codepoint": (code_point, [_TEXT], "INTEGER"),
    "hamming": (hamming, [_TEXT, _TEXT], _WHOLE),
    "levenshtein": (levenshtein, [_TEXT, _TEXT], _WHOLE),
    "data_size": (data_size, [_TEXT], _TEXT),
    "soundex": (soundex, [_TEXT], _TEXT),
    "luhn_check": (luhn_check, [_TEXT], "BOOLEAN"),
    "normalize": (normalized, [_TEXT, _TEXT], _TEXT),
    "from_utf8": (from_utf8, ["BLOB", _TEXT], _TEXT),
    "format_number": (short_number, ["DOUBLE"], _TEXT),
    "readable_seconds": (readable_seconds, ["DOUBLE"], _TEXT),
    "duration": (duration, [_TEXT], _WHOLE),
    "iso_date": (iso_date, [_TEXT], "DATE"),
}
