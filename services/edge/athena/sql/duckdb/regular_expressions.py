r"""Java's regular expressions, which Trino reads, by the regex library.

Trino's engine is Joni with Java's syntax: \d, \w and \s are ASCII, groups are `(?<name>…)`, \Q…\E
quotes, \Z stands before a last line break. What has no counterpart here is refused by name.
https://trino.io/docs/435/functions/regexp.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

from services.edge.athena.sql.duckdb.python_function import PythonFunction

_TOKEN = regex.compile(
    r"(?P<quote>\\Q(?:.(?!\\E))*.?(?:\\E|$))|(?P<end>\\Z)|(?P<last>\\z)|(?P<code>\\x\{[0-9a-fA-F]+\})"
    r"|(?P<name>\\k<\w+>)|(?P<flags>\(\?[a-zA-Z-]+[:)])"
    r"|(?P<plain>\\(?:[dDwWsSbBAntrf1-9\\]|[pP]\{\^?\w+\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^\w\s]))"
    r"|(?P<other>\\.?)|(?P<any>.)",
    regex.DOTALL,
)
Pattern = Any  # the library has no types
_WORD, _BLANK = "A-Za-z0-9_", r" \t\n\x0b\f\r"
_ASCII = {
    **{r"\d": "[0-9]", r"\D": "[^0-9]", r"\w": f"[{_WORD}]", r"\W": f"[^{_WORD}]"},
    **{r"\s": f"[{_BLANK}]", r"\S": f"[^{_BLANK}]"},
    r"\b": f"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))",
    r"\B": f"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))",
}


@lru_cache(256)
def _compiled(pattern: str) -> Pattern:
    written = "".join(_translated(found) for found in _TOKEN.finditer(pattern))
    try:
        return regex.compile(written, regex.V1)
    except regex.error as error:
        raise ValueError(f"INVALID_FUNCTION_ARGUMENT: {error.msg}: '{pattern}'") from error


def _translated(found: Any) -> str:
    kind, written = found.lastgroup, found[0]
    if kind == "quote":
        return str(regex.escape(written[2:].removesuffix("\\E")))
    if kind == "name":
        return f"(?P={written[3:-1]})"
    if kind == "code":
        return f"\\U{int(written[3:-1], 16):08x}"
    is_unknown_flag = kind == "flags" and set(written[2:-1]) - set("imsx-")
    if kind == "other" or is_unknown_flag:
        raise ValueError(f"NOT_SUPPORTED: {written} in a regular expression is not supported here")
    return _ASCII.get(written) or {"end": r"(?=\n?\Z)", "last": r"\Z"}.get(str(kind), written)


def like(text: str, pattern: str) -> bool:
    return _compiled(pattern).search(text) is not None


def extract(text: str, pattern: str, group: int) -> str | None:
    found = _compiled(pattern)
    _check_group(found, group)
    match = found.search(text)
    return None if match is None else match[group]


def extract_all(text: str, pattern: str, group: int) -> list[str | None]:
    found = _compiled(pattern)
    _check_group(found, group)
    return [match[group] for match in found.finditer(text)]


def _check_group(pattern: Pattern, group: int) -> None:
    if group < 0:
        raise ValueError("INVALID_FUNCTION_ARGUMENT: Group cannot be negative")
    if group > pattern.groups:
        raise ValueError(
            f"INVALID_FUNCTION_ARGUMENT: Pattern has {pattern.groups} groups."
            f" Cannot access group {group}"
        )


def replaced(text: str, pattern: str, replacement: str) -> str:
    found = _compiled(pattern)
    parts = _replacement(found, replacement)

    def written(match: Any) -> str:
        return "".join(part if isinstance(part, str) else match[part[0]] or "" for part in parts)

    return str(found.sub(written, text))


def _replacement(pattern: Pattern, written: str) -> list[str | tuple[int | str]]:
    r"""Texts and groups: `$1`, as many digits as there are groups for, `${name}`; `\` quotes."""
    parts: list[str | tuple[int | str]] = []
    for found in regex.finditer(r"\\(.)|\$\{(\w+)\}|\$(\d+)|([^\\$]+)|(.)", written, regex.DOTALL):
        quoted, name, digits, plain, wrong = found.groups()
        if wrong is not None:
            raise ValueError(f"INVALID_FUNCTION_ARGUMENT: Illegal replacement sequence: {wrong}")
        if name is not None:
            if name not in pattern.groupindex:
                raise _unknown_group(f"{{ {name} }}")
            parts.append((name,))
        elif digits is not None:
            parts.extend(_group_and_rest(pattern, digits))
        else:
            parts.append(quoted if quoted is not None else plain)
    return parts


def _group_and_rest(pattern: Pattern, digits: str) -> list[str | tuple[int | str]]:
    size = len(digits)
    while size > 1 and int(digits[:size]) > pattern.groups:
        size -= 1
    if int(digits[:size]) > pattern.groups:
        raise _unknown_group(digits[:size])
    return [(int(digits[:size]),), digits[size:]]


def _unknown_group(shown: str) -> ValueError:
    return ValueError(
        f"INVALID_FUNCTION_ARGUMENT: Illegal replacement sequence: unknown group {shown}"
    )


def pieces(text: str, pattern: str) -> list[list[str | None]]:
    """For each match what stands before it and its groups; at the end what stands after all."""
    found, at = [], 0
    for match in _compiled(pattern).finditer(text):
        found.append([text[at : match.start()], *match.groups()])
        at = match.end()
    return [*found, [text[at:]]]


def split(text: str, pattern: str) -> list[str]:
    return [str(piece[0]) for piece in pieces(text, pattern)]


def count(text: str, pattern: str) -> int:
    return sum(1 for _ in _compiled(pattern).finditer(text))


def place(text: str, pattern: str, start: int, occurrence: int) -> int:
    """Where the match stands, from 1; -1 where there is none."""
    if start < 1 or occurrence < 1:
        what = "start position" if start < 1 else "occurrence"
        raise ValueError(f"INVALID_FUNCTION_ARGUMENT: {what} cannot be smaller than 1")
    for number, match in enumerate(_compiled(pattern).finditer(text, start - 1), 1):
        if number == occurrence:
            return int(match.start()) + 1
    return -1


_TEXT, _TEXTS = "VARCHAR", "VARCHAR[]"
FUNCTIONS: dict[str, PythonFunction] = {
    "regexp_like": (like, [_TEXT, _TEXT], "BOOLEAN"),
    "regexp_extract": (extract, [_TEXT, _TEXT, "BIGINT"], _TEXT),
    "regexp_extract_all": (extract_all, [_TEXT, _TEXT, "BIGINT"], _TEXTS),
    "regexp_replace": (replaced, [_TEXT, _TEXT, _TEXT], _TEXT),
    "regexp_pieces": (pieces, [_TEXT, _TEXT], "VARCHAR[][]"),
    "regexp_split": (split, [_TEXT, _TEXT], _TEXTS),
    "regexp_count": (count, [_TEXT, _TEXT], "BIGINT"),
    "regexp_position": (place, [_TEXT, _TEXT, "BIGINT", "BIGINT"], "INTEGER"),
}
