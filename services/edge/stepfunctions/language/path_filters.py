"""Filters of JSONPath, `[?(@.price < 10 && @.tag in ['a'])]`: read once, asked of each element."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.edge.stepfunctions.language.path_reader import Reader

MISSING: Any = type("Missing", (), {"__repr__": lambda _: "MISSING"})()
SYMBOLS = ("==", "!=", "<=", ">=", "=~", "<", ">")
WORDS = ("in", "nin", "subsetof", "anyof", "noneof", "size", "empty", "contains")
ORDERED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


Operand = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Filter:
    """`holds(element, root)` is whether the element is kept."""

    holds: Callable[[Any, Any], bool]

    @classmethod
    def read(cls, reader: Reader) -> Filter:
        reader.expect("(")
        holds = _any_of(reader)
        reader.blanks()
        reader.expect(")")
        return cls(holds)


def _any_of(reader: Reader) -> Callable[[Any, Any], bool]:
    parts = [_all_of(reader)]
    reader.blanks()
    while reader.took("||"):
        parts.append(_all_of(reader))
        reader.blanks()
    return lambda one, root: any(part(one, root) for part in parts)


def _all_of(reader: Reader) -> Callable[[Any, Any], bool]:
    parts = [_condition(reader)]
    reader.blanks()
    while reader.took("&&"):
        parts.append(_condition(reader))
        reader.blanks()
    return lambda one, root: all(part(one, root) for part in parts)


def _condition(reader: Reader) -> Callable[[Any, Any], bool]:
    reader.blanks()
    if reader.took("!"):
        turned = _condition(reader)
        return lambda one, root: not turned(one, root)
    if reader.sees("("):
        return Filter.read(reader).holds
    left = _operand(reader)
    reader.blanks()
    name = next((each for each in (*SYMBOLS, *WORDS) if reader.took(each)), None)
    if name is None:
        return lambda one, root: left(one, root) is not MISSING
    right = _operand(reader)
    return lambda one, root: _compared(name, left(one, root), right(one, root))


def _operand(reader: Reader) -> Operand:
    reader.blanks()
    if not reader.sees("@") and not reader.sees("$"):
        value = reader.literal()
        return lambda _one, _root: value
    text, find = _path(reader), reader.find
    of_element = text.startswith("@")
    return lambda one, root: find(text, one if of_element else root, root)


def _path(reader: Reader) -> str:
    """Up to an operator or the closing bracket of the filter."""
    begin, depth = reader.at, 0
    while not reader.ended():
        if depth and (reader.sees("'") or reader.sees('"')):
            reader.quoted()
            continue
        character = reader.text[reader.at]
        if character in "[(":
            depth += 1
        elif character in "])" and depth:
            depth -= 1
        elif not depth and character in " )]=!<>&|,":
            break
        reader.at += 1
    return reader.text[begin : reader.at]


def _compared(name: str, left: Any, right: Any) -> bool:
    if left is MISSING or right is MISSING:
        return name in ("!=", "nin", "noneof") and left is not right
    if name in ("==", "!="):
        return _same(left, right) is (name == "==")
    if name in ORDERED:
        comparable = (_number(left) and _number(right)) or (
            isinstance(left, str) and isinstance(right, str)
        )
        return bool(comparable and ORDERED[name](left, right))
    if name == "=~":
        return isinstance(left, str) and bool(right.fullmatch(left))
    return _of_collections(name, left, right)


def _of_collections(name: str, left: Any, right: Any) -> bool:
    if name in ("in", "nin"):
        return any(_same(left, one) for one in right) is (name == "in")
    if name == "contains":
        return right in left if isinstance(left, str | list) else False
    if not isinstance(left, list | str):
        return False
    if name == "size":
        return len(left) == (right if _number(right) else len(right))
    if name == "empty":
        return (not left) is right
    shared = [any(_same(one, other) for other in right) for one in left]
    return {"subsetof": all(shared), "anyof": any(shared), "noneof": not any(shared)}[name]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(left == right)
