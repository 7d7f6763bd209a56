"""CloudWatch's filter patterns for JSON messages, such as { $.type = "TaskFailed" && $.id > 3 }."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from services.edge.cloudwatch_logs.comparisons import SIGNS, Test, test_of

Matcher = Callable[[str], bool]

TOKEN = re.compile(
    r"""\s*(?:(?P<selector>\$(?:\.[\w*-]+|\[(?:\d+|\*)\]|\.?\['[^']*'\])*)
    |(?P<operator>&&|\|\||!=|<=|>=|=|<|>|\(|\))
    |"(?P<text>(?:[^"\\]|\\.)*)"|%(?P<regex>[^%]+)%|(?P<word>[^\s()&|=<>!"]+))""",
    re.VERBOSE,
)
STEP = re.compile(r"\.([\w*-]+)|\[(\d+|\*)\]|\.?\['([^']*)'\]")


def matcher(text: str) -> Matcher:
    """Messages that are no JSON object do not match; raises ValueError for a bad pattern."""
    if not text.endswith("}"):
        raise ValueError("expected a closing }")
    parser = _Parser(_tokens(text[1:-1]))
    test = parser.either()
    parser.end()

    def matches(message: str) -> bool:
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return isinstance(document, dict) and test(document)

    return matches


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
    """Precedence as CloudWatch's: parentheses, then &&, then ||."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens

    def end(self) -> None:
        if self._tokens:
            raise ValueError(f"{self._tokens[0][1]!r} is not expected")

    def either(self) -> Test:
        tests = [self._all()]
        while self._took("||"):
            tests.append(self._all())
        return lambda document: any(test(document) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._took("&&"):
            tests.append(self._one())
        return lambda document: all(test(document) for test in tests)

    def _one(self) -> Test:
        if self._took("("):
            test = self.either()
            if not self._took(")"):
                raise ValueError("expected a closing )")
            return test
        selector = self._next("selector")
        kind, word = self._any()
        if kind == "operator" and word in SIGNS:
            return _comparison(selector, word, *self._any())
        return _state(selector, f"{word} {self._any()[1]}".upper())

    def _took(self, word: str) -> bool:
        if self._tokens and self._tokens[0] == ("operator", word):
            del self._tokens[0]
            return True
        return False

    def _next(self, kind: str) -> str:
        found, word = self._any()
        if found != kind:
            raise ValueError(f"expected a {kind}, found {word!r}")
        return word

    def _any(self) -> tuple[str, str]:
        if not self._tokens:
            raise ValueError("it ends too early")
        return self._tokens.pop(0)


def _state(selector: str, words: str) -> Test:
    """The tests without a value: what a property is, or that there is none."""
    if words == "NOT EXISTS":
        return lambda document: not _selected(document, selector)
    wanted = {"IS TRUE": True, "IS FALSE": False, "IS NULL": None}
    if words not in wanted:
        raise ValueError(f"{words!r} is no comparison")
    return lambda document: any(value is wanted[words] for value in _selected(document, selector))


def _comparison(selector: str, sign: str, kind: str, value: str) -> Test:
    if kind in ("operator", "selector"):
        raise ValueError(f"expected a value, found {value!r}")
    test = test_of(sign, kind, value)
    return lambda document: any(test(found) for found in _selected(document, selector))


def _selected(document: Any, selector: str) -> list[Any]:
    found = [document]
    for name, index, quoted in STEP.findall(selector):
        found = [inner for outer in found for inner in _inner(outer, name or quoted, index)]
    return found


def _inner(outer: Any, name: str, index: str) -> list[Any]:
    if isinstance(outer, dict):
        if name == "*":
            return list(outer.values())
        return [outer[name]] if name in outer else []
    if isinstance(outer, list) and index:
        if index == "*":
            return outer
        return outer[int(index) : int(index) + 1]
    return []
