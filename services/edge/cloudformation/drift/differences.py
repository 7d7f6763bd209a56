"""A resource's properties as the template has them and as they are; what differs, by path."""

from __future__ import annotations

import json
from typing import Any

from services.edge.cloudformation.coercion import as_text

Model = dict[str, Any]
# Whose members are names of the user's: what was added there by hand is a difference as well.
# Elsewhere a property that the template leaves out is not looked at, as on AWS.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
FREE = (
    *("Variables", "DefaultArguments", "Configuration"),
    *("PolicyDocument", "AssumeRolePolicyDocument"),
)
NAMED = ("Key", "Id", "ID", "PolicyName", "StageName", "Name", "name")
ABSENT = object()


def differences(expected: Any, actual: Any, path: str = "", free: bool = False) -> list[Model]:
    """As PropertyDifferences has them; the API's member `roleArn` is the property `RoleArn`."""
    expected, actual = _alike(expected, actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _of_members(expected, actual, path, free)
    if isinstance(expected, list) and isinstance(actual, list):
        return _of_elements(expected, actual, path, free)
    if _is_same(expected, actual):
        return []
    kind = "REMOVE" if actual is ABSENT else "ADD" if expected is ABSENT else "NOT_EQUAL"
    return [
        {
            "PropertyPath": path,
            "ExpectedValue": _told(expected),
            "ActualValue": _told(actual),
            "DifferenceType": kind,
        }
    ]


def _of_members(expected: Model, actual: Model, path: str, free: bool) -> list[Model]:
    found, seen = [], set()
    for key, value in expected.items():
        theirs = next((k for k in (key, key[:1].lower() + key[1:]) if k in actual), None)
        seen.add(theirs)
        there = ABSENT if theirs is None or actual[theirs] is None else actual[theirs]
        found += differences(value, there, f"{path}/{key}", free or key in FREE)
    for key in actual.keys() - seen if free else ():
        found += differences(ABSENT, actual[key], f"{path}/{key}")
    return found


def _of_elements(expected: list[Any], actual: list[Any], path: str, free: bool) -> list[Model]:
    expected, actual = sorted(expected, key=_order), sorted(actual, key=_order)
    if all(_is_scalar(each) for each in [*expected, *actual]):
        return _of_scalars([as_text(e) for e in expected], [as_text(a) for a in actual], path)
    found = []
    for place in range(max(len(expected), len(actual))):
        mine = expected[place] if place < len(expected) else ABSENT
        theirs = actual[place] if place < len(actual) else ABSENT
        found += differences(mine, theirs, f"{path}/{place}", free)
    return found


def _of_scalars(expected: list[str], actual: list[str], path: str) -> list[Model]:
    gone = [each for each in expected if each not in actual]
    new = [each for each in actual if each not in expected]
    return [
        *(d for each in gone for d in differences(each, ABSENT, f"{path}/{expected.index(each)}")),
        *(d for each in new for d in differences(ABSENT, each, f"{path}/{actual.index(each)}")),
    ]


def _alike(expected: Any, actual: Any) -> tuple[Any, Any]:
    """Documents given as text are read, and a list of one stands for its element."""
    if isinstance(expected, str) and isinstance(actual, dict | list) and expected[:1] in "{[":
        expected = json.loads(expected)
    if isinstance(expected, list) and len(expected) == 1 and _is_scalar(actual):
        expected = expected[0]
    if isinstance(actual, list) and len(actual) == 1 and _is_scalar(expected):
        actual = actual[0]
    return expected, actual


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _is_same(expected: Any, actual: Any) -> bool:
    if expected is ABSENT or actual is ABSENT:
        return expected is actual or expected in (None, [], {})
    if not (_is_scalar(expected) and _is_scalar(actual)):
        return bool(expected == actual)
    one, other = as_text(expected), as_text(actual)
    return one == other or _number(one) == _number(other) is not None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _order(element: Any) -> str:
    if isinstance(element, dict):
        return next((as_text(element[name]) for name in NAMED if name in element), "")
    return as_text(element)


def _told(value: Any) -> str:
    if value is ABSENT or value is None:
        return "null"
    return as_text(value) if _is_scalar(value) else json.dumps(value, default=str)
