"""The constraints that an API's model sets on a request, checked as AWS's front end does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

# Shapes that the service itself checks, with an error of its own: "InvalidArnException" and, of
# Athena, "MaxResults is more than maximum allowed length 1000."; of SQS, "Unknown Attribute x."
CHECKED_LATER = frozenset(
    {"ResourceArn", "MaxQueryResults", "QueueAttributeName", "MessageSystemAttributeName"}
)
SHOWN = 200  # characters of a refused value in the message
# How AWS's models write the characters beyond the first plane: in UTF-16, as Java does.
SURROGATES = ("\\uD800\\uDC00-\\uDBFF\\uDFFF", "\\uD800\\uDBFF-\\uDC00\\uDFFF")


def problem(shape: Any, request: dict[str, Any]) -> str | None:
    """The message of AWS's ValidationException unless `request` is as the botocore `shape` says."""
    return message(list(_violations(shape, request, "")))


def message(violations: list[str]) -> str | None:
    """AWS's text of all violations; None where there are none."""
    if not violations:
        return None
    count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected"
    return f"{count}: {'; '.join(violations)}"


def violation(value: Any, path: str, wanted: str, shape: Any = None) -> str:
    """A value of a shape that the model calls sensitive is not in it, on AWS neither."""
    if value is not None and shape is not None and shape.metadata.get("sensitive"):
        return f"Value at '{path}' failed to satisfy constraint: {wanted}"
    shown = "null" if value is None else f"'{str(value)[:SHOWN]}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {wanted}"


def member_path(path: str, name: str) -> str:
    """The path of a structure's member, as AWS writes it."""
    member = name[0].lower() + name[1:]
    return f"{path}.{member}" if path else member


def _violations(shape: Any, value: Any, path: str) -> Iterator[str]:
    yield from _of_value(shape, value, path)
    if shape.type_name == "structure" and not shape.is_document_type:
        for name, member in shape.members.items():
            inner = member_path(path, name)
            if value.get(name) is not None:
                yield from _violations(member, value[name], inner)
            elif name in shape.required_members:
                yield violation(None, inner, "Member must not be null")
    elif shape.type_name == "list":
        for number, item in enumerate(value, start=1):
            yield from _violations(shape.member, item, f"{path}.{number}.member")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _violations(shape.key, key, f"{path}.key")
            yield from _violations(shape.value, item, f"{path}.{key}.member")


def _of_value(shape: Any, value: Any, path: str) -> Iterator[str]:
    """What is wrong with the value itself: its size, its pattern, its choice."""
    if shape.name in CHECKED_LATER:
        return
    number = shape.type_name in ("integer", "long", "float", "double")
    if number or shape.type_name in ("string", "list", "map"):
        size, what = (value, "value") if number else (len(value), "length")
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        if least is not None and size < least:
            wanted = f"Member must have {what} greater than or equal to {least}"
            yield violation(value, path, wanted, shape)
        if most is not None and size > most:
            wanted = f"Member must have {what} less than or equal to {most}"
            yield violation(value, path, wanted, shape)
    if shape.type_name == "string":
        choices, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
        if choices and value not in choices:
            wanted = f"Member must satisfy enum value set: [{', '.join(choices)}]"
            yield violation(value, path, wanted, shape)
        if pattern and not choices and not _matches(pattern, value):
            wanted = f"Member must satisfy regular expression pattern: {pattern}"
            yield violation(value, path, wanted, shape)


def _matches(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """None for a pattern in Java's own dialect: it is then not checked here."""
    for surrogates in SURROGATES:
        pattern = pattern.replace(surrogates, "\\U00010000-\\U0010FFFF")
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None
