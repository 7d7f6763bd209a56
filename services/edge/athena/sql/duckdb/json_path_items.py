"""The items of SQL/JSON paths: their comparisons, arithmetic and methods."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

Items = list[Any]
Predicate = Callable[[Any, Any, int], "bool | None"]


class PathError(ValueError):
    """The JSON has not what the path asks for, in strict mode or of a method."""


def known(test: Callable[[], bool | None]) -> bool | None:
    try:
        return test()
    except PathError:
        return None


def both(first: Predicate, second: Predicate) -> Predicate:
    def test(*at: Any) -> bool | None:
        found = (first(*at), second(*at))
        return False if False in found else None if None in found else True

    return test


def either(first: Predicate, second: Predicate) -> Predicate:
    def test(*at: Any) -> bool | None:
        found = (first(*at), second(*at))
        return True if True in found else None if None in found else False

    return test


def _is_number(item: Any) -> bool:
    return isinstance(item, (int, float)) and not isinstance(item, bool)


def compared(sign: str, a: Any, b: Any) -> bool | None:
    if a is None or b is None:
        is_same = a is None and b is None
        return {"==": is_same, "!=": not is_same, "<>": not is_same}.get(sign, False)
    kinds = (bool, str)
    alike = (_is_number(a) and _is_number(b)) or any(
        isinstance(a, kind) and isinstance(b, kind) for kind in kinds
    )
    if not alike:
        return None
    return bool(
        {
            **{"==": a == b, "!=": a != b, "<>": a != b},
            **{"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b},
        }[sign]
    )


def starts(a: Any, b: Any) -> bool | None:
    return a.startswith(b) if isinstance(a, str) and isinstance(b, str) else None


def number(item: Any) -> Any:
    if not _is_number(item):
        raise PathError("invalid item type. Expected: NUMBER")
    return item


def calculated(sign: str, a: Any, b: Any) -> Any:
    a, b = number(a), number(b)
    if sign in "/%" and b == 0:
        raise PathError("division by zero")
    if sign == "/":
        return int(a / b) if isinstance(a, int) and isinstance(b, int) else a / b
    if sign == "%":
        found = math.fmod(a, b)
        return int(found) if isinstance(a, int) and isinstance(b, int) else found
    return a + b if sign == "+" else a - b if sign == "-" else a * b


def checked_array(item: Any) -> Items:
    if not isinstance(item, list):
        raise PathError("invalid item type. Expected: ARRAY")
    return item


def strict_size(item: Any) -> int:
    return len(checked_array(item))


def key_values(item: Any) -> Items:
    if not isinstance(item, dict):
        raise PathError("invalid item type. Expected: OBJECT")
    return [{"name": name, "value": value, "id": 0} for name, value in item.items()]


def _double(item: Any) -> float:
    try:
        return float(item if isinstance(item, str) else number(item))
    except ValueError as error:
        raise PathError("conversion to double failed") from error


def _type(item: Any) -> str:
    if item is None:
        return "null"
    kinds = ((bool, "boolean"), (str, "string"), (list, "array"), (dict, "object"))
    return next((name for kind, name in kinds if isinstance(item, kind)), "number")


def _rounded(rule: Callable[[Any], int]) -> Callable[[Any], Any]:
    return lambda item: float(rule(item)) if isinstance(number(item), float) else item


METHODS: dict[str, Callable[[Any], Any]] = {
    "abs": lambda item: abs(number(item)),
    "ceiling": _rounded(math.ceil),
    "floor": _rounded(math.floor),
    "double": _double,
    "type": _type,
    "size": lambda item: len(item) if isinstance(item, list) else 1,
    "keyvalue": key_values,
}


def unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])
