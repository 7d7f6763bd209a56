"""Whether the values of a JSON body are of the types that an API's model gives their members.

LocalStack's parser makes a text of whatever it finds, so this looks at the body itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.edge.aws.constraints import member_path, message, violation

TEXT, NUMBER = "a string", "a number"
EXPECTED = {
    "structure": (dict, "an object"),
    "map": (dict, "an object"),
    "list": (list, "a list"),
    "string": (str, TEXT),
    "blob": (str, TEXT),
    "character": (str, TEXT),
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "long": (int, "a whole number"),
    "float": ((int, float, str), NUMBER),  # "NaN" and "Infinity" are texts in JSON
    "double": ((int, float, str), NUMBER),
    "timestamp": ((int, float, str), "a time"),
}


def problem(shape: Any, body: Any) -> str | None:
    """The message of a validation error unless all types fit; other members are passed over."""
    return message(list(_violations(shape, body, "")))


def _violations(shape: Any, value: Any, path: str) -> Iterator[str]:
    if value is None or getattr(shape, "is_document_type", False):
        return
    python_type, name = EXPECTED[shape.type_name]
    if not _is_of(value, python_type):
        yield violation(value, path, f"Member must be {name}", shape)
    elif shape.type_name == "structure":
        for member_name, member in shape.members.items():
            if "location" not in member.serialization:
                json_name = member.serialization.get("name", member_name)
                inner = member_path(path, member_name)
                yield from _violations(member, value.get(json_name), inner)
    elif shape.type_name == "list":
        for number, item in enumerate(value, start=1):
            yield from _item(shape.member, item, f"{path}.{number}.member")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _item(shape.value, item, f"{path}.{key}.member")


def _item(shape: Any, value: Any, path: str) -> Iterator[str]:
    if value is None:
        yield violation(None, path, "Member must not be null")
    yield from _violations(shape, value, path)


def _is_of(value: Any, python_type: Any) -> bool:
    if isinstance(value, bool):
        return python_type is bool
    if python_type is int and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, python_type)
