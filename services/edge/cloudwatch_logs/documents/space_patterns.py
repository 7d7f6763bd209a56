"""CloudWatch's filter patterns for space-delimited messages, such as [ip, ..., code = 4*, bytes].

A field of a message is a word, or what stands in quotes or square brackets. Without an ellipsis
a message has as many fields as the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from services.edge.cloudwatch_logs.documents.comparisons import NUMBER, SIGNS, Test, test_of
from services.edge.cloudwatch_logs.documents.conditions import Conditions

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
    conditions = Conditions(TOKEN, text)
    found = [_field(conditions)]
    while conditions.took(","):
        found.append(_field(conditions))
    conditions.end()
    return [name for name, _ in found], [test for _, test in found]


def _field(conditions: Conditions) -> tuple[str, Test]:
    """A name alone, or conditions on it; a field may have no name either."""
    if conditions.ahead in (None, ("operator", ",")):
        return "", lambda _: True
    names: list[str] = []
    test = conditions.either(lambda: _condition(conditions, names))
    return names[0], test


def _condition(conditions: Conditions, names: list[str]) -> Test:
    kind, name = conditions.next()
    if kind != "word":
        raise ValueError(f"expected the name of a field, found {name!r}")
    if names and name != names[0]:
        raise ValueError(f"expected conditions on {names[0]!r} alone, found {name!r}")
    names.append(name)
    found, sign = conditions.ahead or ("", "")
    if found != "operator" or sign not in SIGNS:
        return lambda _: True
    if name == ELLIPSIS:
        raise ValueError("an ellipsis has no condition")
    conditions.next()
    kind, value = conditions.next()
    if kind == "operator":
        raise ValueError(f"expected a value, found {value!r}")
    is_numeric = kind == "word" and NUMBER.fullmatch(value) is not None
    test = test_of(sign, kind, value)
    return lambda field: test(_number(field) if is_numeric else field)


def _number(field: str) -> str | float:
    """Where a number is asked for, the number that the field spells."""
    return float(field) if NUMBER.fullmatch(field) else field
