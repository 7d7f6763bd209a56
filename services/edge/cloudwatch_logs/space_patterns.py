"""CloudWatch's filter patterns for space-delimited messages, such as [ip, ..., code = 4*, bytes].

A field of a message is a word, or what stands in quotes or square brackets. Without an ellipsis
a message has as many fields as the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from services.edge.cloudwatch_logs.comparisons import NUMBER, SIGNS, Test, test_of

Matcher = Callable[[str], bool]

FIELD = re.compile(r'\[(?P<bracketed>[^\]]*)\]|"(?P<quoted>[^"]*)"|(?P<word>\S+)')
TOKEN = re.compile(
    r"""\s*(?:(?P<operator>&&|\|\||!=|<=|>=|=|<|>|\(|\)|,)
    |"(?P<text>(?:[^"\\]|\\.)*)"|%(?P<regex>[^%]+)%|(?P<word>[^\s,()=!<>&|"]+))""",
    re.VERBOSE,
)
ELLIPSIS = "..."


def matcher(text: str) -> Matcher:
    """Raises ValueError for a bad pattern."""
    if not text.endswith("]"):
        raise ValueError("expected a closing ]")
    names, tests = _parsed(text[1:-1])
    places = [number for number, name in enumerate(names) if name == ELLIPSIS]
    if len(places) > 1:
        raise ValueError("expected one ellipsis at most")

    def matches(message: str) -> bool:
        fields = [_value(field) for field in FIELD.finditer(message)]
        if places:
            missing = len(fields) - (len(names) - 1)
            if missing < 0:
                return False
            # What the ellipsis stands for makes one field that has no test.
            fields[places[0] : places[0] + missing] = [""]
        return len(fields) == len(names) and all(
            test(field) for test, field in zip(tests, fields, strict=True)
        )

    return matches


def _value(field: re.Match[str]) -> str:
    return next(part for part in field.groups() if part is not None)


def _parsed(text: str) -> tuple[list[str], list[Test]]:
    """The names of the fields and the test of each."""
    parser = _Parser(_tokens(text))
    found = [parser.field()]
    while parser.took(","):
        found.append(parser.field())
    parser.end()
    return [name for name, _ in found], [test for _, test in found]


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while text[position:].strip():
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ValueError(f"{text[position:].strip()!r} cannot be read")
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


class _Parser:
    """Each field is a name, or conditions on it: parentheses, then &&, then ||."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._name = ""

    def end(self) -> None:
        if self._tokens:
            raise ValueError(f"{self._tokens[0][1]!r} is not expected")

    def field(self) -> tuple[str, Test]:
        self._name = ""
        if not self._tokens or self._tokens[0] == ("operator", ","):
            return "", lambda _: True
        test = self._either()
        return self._name, test

    def _either(self) -> Test:
        tests = [self._all()]
        while self.took("||"):
            tests.append(self._all())
        return lambda field: any(test(field) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self.took("&&"):
            tests.append(self._one())
        return lambda field: all(test(field) for test in tests)

    def _one(self) -> Test:
        if self.took("("):
            test = self._either()
            if not self.took(")"):
                raise ValueError("expected a closing )")
            return test
        kind, name = self._any()
        if kind != "word":
            raise ValueError(f"expected the name of a field, found {name!r}")
        if self._name not in ("", name):
            raise ValueError(f"expected conditions on {self._name!r} alone, found {name!r}")
        self._name = name
        if not self._tokens or self._tokens[0][1] not in SIGNS or self._tokens[0][0] != "operator":
            return lambda _: True
        if name == ELLIPSIS:
            raise ValueError("an ellipsis has no condition")
        _, sign = self._any()
        kind, value = self._any()
        if kind == "operator":
            raise ValueError(f"expected a value, found {value!r}")
        is_numeric = kind == "word" and NUMBER.fullmatch(value) is not None
        test = test_of(sign, kind, value)
        return lambda field: test(_number(field) if is_numeric else field)

    def took(self, word: str) -> bool:
        if self._tokens and self._tokens[0] == ("operator", word):
            del self._tokens[0]
            return True
        return False

    def _any(self) -> tuple[str, str]:
        if not self._tokens:
            raise ValueError("it ends too early")
        return self._tokens.pop(0)


def _number(field: str) -> str | float:
    """Where a number is asked for, the number that the field spells."""
    return float(field) if NUMBER.fullmatch(field) else field
