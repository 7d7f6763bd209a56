"""Conditions of a filter pattern joined by && and ||: tokens in, a test of values out."""

from __future__ import annotations

import re
from collections.abc import Callable

from services.edge.cloudwatch_logs.documents.comparisons import Test

Token = tuple[str, str]


class Conditions:
    """Read from left to right; parentheses bind first, then &&, then ||.

    A token is its kind, the name of a group of `pattern`, and its text. Raises ValueError.
    """

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._tokens: list[Token] = []
        position = 0
        while text[position:].strip():
            match = pattern.match(text, position)
            if match is None or match.lastgroup is None:
                raise ValueError(f"{text[position:].strip()!r} cannot be read")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()

    def either(self, one: Callable[[], Test]) -> Test:
        """`one` reads a condition without parentheses."""
        tests = [self._all(one)]
        while self.took("||"):
            tests.append(self._all(one))
        return lambda value: any(test(value) for test in tests)

    def _all(self, one: Callable[[], Test]) -> Test:
        tests = [self._inner(one)]
        while self.took("&&"):
            tests.append(self._inner(one))
        return lambda value: all(test(value) for test in tests)

    def _inner(self, one: Callable[[], Test]) -> Test:
        if not self.took("("):
            return one()
        test = self.either(one)
        if not self.took(")"):
            raise ValueError("expected a closing )")
        return test

    @property
    def ahead(self) -> Token | None:
        """The next token, which stays; none at the end."""
        return self._tokens[0] if self._tokens else None

    def took(self, operator: str) -> bool:
        if self.ahead == ("operator", operator):
            del self._tokens[0]
            return True
        return False

    def next(self) -> Token:
        if not self._tokens:
            raise ValueError("it ends too early")
        return self._tokens.pop(0)

    def end(self) -> None:
        if self._tokens:
            raise ValueError(f"{self._tokens[0][1]!r} is not expected")
