"""The operators of Choice rules in JSONPath machines: two values in, whether they compare out.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from services.edge.stepfunctions.language import timestamps

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
}
TESTS: dict[str, Callable[[Any], bool]] = {
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsNull": lambda value: value is None,
    "IsNumeric": lambda value: _numeric(value),
    "IsString": lambda value: isinstance(value, str),
    "IsTimestamp": lambda value: timestamps.moment(value) is not None,
}
TYPE = re.compile(r"(Boolean|Numeric|String|Timestamp)(\w+)")


def compared(name: str, value: Any, expected: Any) -> bool:
    """`name` without `Path`; values of another type than the operator's never compare."""
    if name in TESTS:
        return TESTS[name](value) is expected
    if name == "StringMatches":
        return isinstance(value, str) and _pattern(expected).fullmatch(value) is not None
    found = TYPE.fullmatch(name)
    if not found:
        raise ValueError(f"{name} is no operator")
    as_type = TYPES[found[1]]
    left, right = as_type(value), as_type(expected)
    return left is not None and right is not None and ORDERS[found[2]](left, right)


def _pattern(text: str) -> re.Pattern[str]:
    r"""Only `*` is a wildcard; `\*` is a star, and `\\` a backslash."""
    parts = re.findall(r"\\[*\\]|\*|[^*\\]+|\\", text)
    return re.compile(
        "".join(
            ".*" if part == "*" else re.escape(part.removeprefix("\\") or part) for part in parts
        ),
        re.DOTALL,
    )


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TYPES: dict[str, Callable[[Any], Any]] = {
    "Boolean": lambda value: value if isinstance(value, bool) else None,
    "Numeric": lambda value: value if _numeric(value) else None,
    "String": lambda value: value if isinstance(value, str) else None,
    "Timestamp": timestamps.moment,
}
