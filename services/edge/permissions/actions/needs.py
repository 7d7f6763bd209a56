"""What a call asks a permission for: an action on a resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Parameters = Mapping[str, Any]
# Condition keys, in lower case, with their values.
Known = dict[str, tuple[str, ...]]
ASSUME = "sts:AssumeRole"
# What is kept of a service that asked for itself, beside the condition keys of its call.
SERVICE = "service"


@dataclass(frozen=True)
class Need:
    """One action on one resource; `context` holds the condition keys of this action alone."""

    action: str
    resource: str = "*"
    context: Known = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a call is made."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """`resource` itself where it is an ARN already."""
        if resource.startswith("arn:"):
            return resource
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


def key(name: str, values: Iterable[Any]) -> Known:
    """A condition key with those of the values that the request has; nothing where it has none."""
    found = tuple(str(value) for value in values if value not in (None, ""))
    return {name: found} if found else {}
