"""format(): the conversions of java.util.Formatter.

https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Formatter.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from services.edge.athena.sql.duckdb.java_texts import double_text, real_text
from services.edge.athena.sql.duckdb.python_function import PythonFunction

_INVALID = "INVALID_FUNCTION_ARGUMENT: "
_SPECIFIER = re.compile(r"%(?:(\d+)\$|(<))?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([tT]?[a-zA-Z%])")
_TIMES = {
    **{"Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "e": "%-d", "B": "%B", "b": "%b", "h": "%b"},
    **{"A": "%A", "a": "%a", "H": "%H", "k": "%-H", "I": "%I", "l": "%-I", "M": "%M", "S": "%S"},
    **{"j": "%j", "F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y"},
    **{"r": "%I:%M:%S %p"},
}


def formatted(pattern: str, kinds: str, values: list[str | None]) -> str:
    """`kinds` names the type of each value, in commas; the values are as CAST writes them."""
    arguments = list(zip(kinds.split(","), values, strict=True)) if values else []
    written, at, following, last = [], 0, 0, -1
    for match in _SPECIFIER.finditer(pattern):
        written.append(_plain(pattern[at : match.start()], pattern))
        at = match.end()
        number, again, flags, width, precision, conversion = match.groups()
        if conversion in "%n":
            written.append(_justified("%", flags, width) if conversion == "%" else "\n")
            continue
        if again:
            index = last
        elif number:
            index = int(number) - 1
        else:
            index, following = following, following + 1
        if not 0 <= index < len(arguments):
            raise _wrong(pattern, f"Format specifier '{match[0]}'")
        last = index
        shown = _converted(arguments[index], conversion, flags, width, precision, pattern)
        written.append(_justified(shown, flags, width))
    written.append(_plain(pattern[at:], pattern))
    return "".join(written)


def _plain(text: str, pattern: str) -> str:
    if "%" in text:
        raise _wrong(pattern, "Conversion = '%'")
    return text


def _wrong(pattern: str, why: str) -> ValueError:
    return ValueError(f"{_INVALID}Invalid format string: {pattern} ({why})")


def _justified(text: str, flags: str, width: str | None) -> str:
    size = int(width or 0)
    return text.ljust(size) if "-" in flags else text.rjust(size)


def _converted(
    argument: tuple[str, str | None],
    conversion: str,
    flags: str,
    width: str | None,
    precision: str | None,
    pattern: str,
) -> str:
    kind, value = argument
    letter = conversion[0].lower()
    if letter in "gah":
        raise ValueError(f"NOT_SUPPORTED: %{conversion} of format is not supported here")
    if letter == "b":
        shown = "false" if value is None else value if kind == "boolean" else "true"
    elif value is None:
        shown = "null"
    elif letter == "s":
        shown = _text(kind, value)
    elif letter == "t":
        return _time(kind, value, conversion[1], pattern)
    elif letter in "dxo" and kind == "whole":
        shown = _whole(int(value), letter, flags, int(width or 0))
    elif letter in "fe" and kind in ("decimal", "double", "real"):
        shown = _fraction(value, letter, flags, int(width or 0), int(precision or 6))
    elif letter == "c" and kind == "whole":
        shown = chr(int(value))
    else:
        raise _wrong(pattern, f"{conversion} != {kind}")
    if precision is not None and letter in "bs":
        shown = shown[: int(precision)]
    return shown.upper() if conversion[0].isupper() else shown


def _text(kind: str, value: str) -> str:
    if kind in ("double", "real"):
        return double_text(float(value)) if kind == "double" else real_text(float(value))
    if kind == "timestamp":  # as java.time.LocalDateTime
        shown = value.replace(" ", "T").rstrip("0") if "." in value else value.replace(" ", "T")
        shown = shown.rstrip(".")
        return shown[:-3] if re.search(r"T\d\d:\d\d:00$", shown) else shown
    return value


def _time(kind: str, value: str, letter: str, pattern: str) -> str:
    if kind not in ("date", "timestamp", "time") or letter not in _TIMES:
        raise _wrong(pattern, f"t{letter} != {kind}")
    clock = datetime.fromisoformat(f"1970-01-01 {value}" if kind == "time" else value)
    return clock.strftime(_TIMES[letter])


def _whole(value: int, letter: str, flags: str, width: int) -> str:
    if letter in "xo":
        prefix = {"x": "0x", "o": "0"}[letter] if "#" in flags else ""
        digits = prefix + format(value if value >= 0 else value + 2**64, letter)
        return digits.rjust(width, "0") if "0" in flags else digits
    return _signed(format(abs(value), "," if "," in flags else ""), value < 0, flags, width)


def _fraction(value: str, letter: str, flags: str, width: int, digits: int) -> str:
    if value in ("NaN", "Infinity", "-Infinity"):
        return value
    number = Decimal(value)
    if letter == "f":
        shown = abs(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        written = f"{shown:,f}" if "," in flags else f"{shown:f}"
    else:
        written = f"{float(abs(number)):.{digits}e}"
    return _signed(written, value.startswith("-"), flags, width)


def _signed(digits: str, is_negative: bool, flags: str, width: int) -> str:
    before, after = "", ""
    if is_negative:
        before, after = ("(", ")") if "(" in flags else ("-", "")
    elif "+" in flags or " " in flags:
        before = "+" if "+" in flags else " "
    if "0" in flags:
        digits = digits.rjust(width - len(before) - len(after), "0")
    return f"{before}{digits}{after}"


def kinds_of(names: Iterable[str]) -> str:
    """How `formatted` is told of the arguments' types."""
    whole = ("tinyint", "smallint", "integer", "bigint")
    return ",".join("whole" if name in whole else name for name in names)


FUNCTIONS: dict[str, PythonFunction] = {
    "format": (formatted, ["VARCHAR", "VARCHAR", "VARCHAR[]"], "VARCHAR")
}
