"""The constraints that an API's model sets on a request, checked as AWS's front end does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

SHOWN = 200  # characters of a refused value in the message


def problem(shape: Any, request: dict[str, Any]) -> str | None:
    """The message of AWS's ValidationException unless `request` is as the botocore `shape` says."""
    found = list(_violations(shape, request, ""))
    if not found:
        return None
    count = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected"
    return f"{count}: {'; '.join(found)}"


def _violations(shape: Any, value: Any, path: str) -> Iterator[str]:
    yield from _own(shape, value, path)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            inner = _joined(path, name)
            if value.get(name) is not None:
                yield from _violations(member, value[name], inner)
            elif name in shape.required_members:
                yield _told(None, inner, "Member must not be null")
    elif shape.type_name == "list":
        for number, item in enumerate(value, start=1):
            yield from _violations(shape.member, item, f"{path}.{number}.member")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _violations(shape.key, key, f"{path}.key")
            yield from _violations(shape.value, item, f"{path}.{key}.member")


def _own(shape: Any, value: Any, path: str) -> Iterator[str]:
    """What the value itself offends: its size, its pattern, its choice."""
    number = shape.type_name in ("integer", "long", "float", "double")
    if number or shape.type_name in ("string", "list", "map"):
        size, what = (value, "value") if number else (len(value), "length")
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        if least is not None and size < least:
            yield _told(value, path, f"Member must have {what} greater than or equal to {least}")
        if most is not None and size > most:
            yield _told(value, path, f"Member must have {what} less than or equal to {most}")
    if shape.type_name == "string":
        choices = shape.metadata.get("enum")
        if choices and value not in choices:
            wanted = f"Member must satisfy enum value set: [{', '.join(choices)}]"
            yield _told(value, path, wanted)
        if not choices and _control_character(shape, value):
            pattern = shape.metadata["pattern"]
            yield _told(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _control_character(shape: Any, value: str) -> bool:
    """Nearly all patterns say: no control characters, some with leave for line breaks."""
    pattern = shape.metadata.get("pattern", "")
    if not pattern.startswith("[\\u0020-"):
        return False
    allowed = "\t\r\n" if "\\r\\n" in pattern else "\t"
    return any(character not in allowed for character in re.findall(r"[\x00-\x1f]", value))


def _joined(path: str, name: str) -> str:
    own = name[0].lower() + name[1:]
    return f"{path}.{own}" if path else own


def _told(value: Any, path: str, wanted: str) -> str:
    shown = "null" if value is None else f"'{str(value)[:SHOWN]}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {wanted}"
