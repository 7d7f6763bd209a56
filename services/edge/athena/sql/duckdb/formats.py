"""Date formats of MySQL and Joda, JSON paths and replacements, in DuckDB's notation."""

from __future__ import annotations

import re

from services.edge.athena.sql.errors import Position, QueryError

_MYSQL = {
    **{"a": "%a", "b": "%b", "c": "%-m", "d": "%d", "e": "%-d", "f": "%f", "H": "%H", "h": "%I"},
    **{"I": "%I", "i": "%M", "j": "%j", "k": "%-H", "l": "%-I", "M": "%B", "m": "%m", "p": "%p"},
    **{"r": "%I:%M:%S %p", "S": "%S", "s": "%S", "T": "%H:%M:%S", "W": "%A", "Y": "%Y", "y": "%y"},
    **{"v": "%V", "x": "%G", "%": "%%"},
}
_NO_MYSQL = "DUuVwX"
_JODA = {
    **{"yyyy": "%Y", "YYYY": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%-m"},
    **{"dd": "%d", "d": "%-d", "HH": "%H", "H": "%-H", "hh": "%I", "h": "%-I", "mm": "%M"},
    **{"m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%g", "EEEE": "%A", "EEE": "%a", "E": "%a"},
    **{"a": "%p", "DDD": "%j", "xxxx": "%G", "ww": "%V"},
}
_STEP = re.compile(r"\.([\w:]+)|\[(\d+)\]|\[[\"']([^\"'\]]+)[\"']\]")


def mysql(pattern: str, place: Position | None) -> str:
    """The pattern of date_format and date_parse for strftime."""
    written = []
    for match in re.finditer(r"%(.)|([^%]+)|%", pattern, re.DOTALL):
        specifier, plain = match.groups()
        if plain is not None:
            written.append(plain)
        elif specifier in _MYSQL:
            written.append(_MYSQL[specifier])
        elif specifier and specifier not in _NO_MYSQL:
            written.append(specifier)
        else:
            raise _invalid(f"%{specifier or ''} not supported in date format string", place)
    return "".join(written)


def is_plain_joda(pattern: str) -> bool:
    """Whether strftime has all of the pattern."""
    plain = re.sub(r"'(?:[^']|'')*'", "", pattern)
    letters = (match[0] for match in re.finditer(r"([A-Za-z])\1*", plain))
    return "'" not in plain and bool(pattern) and all(letter in _JODA for letter in letters)


def joda(pattern: str, place: Position | None) -> str:
    """The pattern of format_datetime and parse_datetime for strftime."""
    written = []
    for match in re.finditer(r"'((?:[^']|'')*)'|(([A-Za-z])\3*)|([^A-Za-z']+)", pattern):
        quoted, letters, _, plain = match.groups()
        if letters is None:
            value = "'" if quoted == "" else (quoted or plain or "").replace("''", "'")
            written.append(value.replace("%", "%%"))
        elif letters in _JODA:
            written.append(_JODA[letters])
        else:
            raise _invalid(f"Pattern {letters} of Joda is not supported here", place)
    return "".join(written)


def json_path(path: str, place: Position | None) -> str:
    """The path of json_extract, without wildcards, for DuckDB."""
    if not path.startswith("$"):
        raise _invalid(f"Invalid JSON path: '{path}'", place)
    written, at = "$", 1
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            raise _invalid(f"Invalid JSON path: '{path}'", place)
        name, index, key = step.groups()
        written += f"[{index}]" if index is not None else f'."{name or key}"'
        at = step.end()
    return written


def _invalid(message: str, place: Position | None) -> QueryError:
    return QueryError("INVALID_FUNCTION_ARGUMENT", message, place)
