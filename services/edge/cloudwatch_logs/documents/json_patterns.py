"""CloudWatch's filter patterns for JSON messages, such as { $.type = "TaskFailed" && $.id > 3 }."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from services.edge.cloudwatch_logs.documents.comparisons import SIGNS, Test, test_of
from services.edge.cloudwatch_logs.documents.conditions import Conditions

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
    conditions = Conditions(TOKEN, text[1:-1])
    test = conditions.either(lambda: _condition(conditions))
    conditions.end()

    def matches(message: str) -> bool:
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return isinstance(document, dict) and test(document)

    return matches


def _condition(conditions: Conditions) -> Test:
    kind, selector = conditions.next()
    if kind != "selector":
        raise ValueError(f"expected a selector, found {selector!r}")
    kind, word = conditions.next()
    if kind == "operator" and word in SIGNS:
        return _comparison(selector, word, *conditions.next())
    return _state(selector, f"{word} {conditions.next()[1]}".upper())


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
