"""The tokens of a SQL/JSON path, one after the other."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\]|\\.)*\")|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<sign>&&|\|\||==|!=|<>|<=|>=|[-$@.\[\]()*?,+/%<>!])|(?P<word>[A-Za-z_][A-Za-z0-9_]*))"
)


class Tokens:
    """Raises ValueError for what does not stand there."""

    def __init__(self, path: str) -> None:
        self._tokens = self._split(path)
        self._at = 0

    @staticmethod
    def _split(path: str) -> list[str]:
        found, at, end = [], 0, len(path.rstrip())
        while at < end:
            match = _TOKEN.match(path, at)
            if match is None:
                raise ValueError(f"mismatched input '{path[at:]}'")
            found.append(match[0].strip())
            at = match.end()
        return found

    @property
    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else "<EOF>"

    def _accept(self, *words: str) -> str | None:
        if self._next not in words:
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, *words: str) -> str:
        found = self._accept(*words)
        if found is None:
            raise ValueError(f"missing {' or '.join(words)} at '{self._next}'")
        return found

    def _take_end(self) -> None:
        if self._next != "<EOF>":
            raise ValueError(f"mismatched input '{self._next}'")
