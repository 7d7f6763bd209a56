"""A resource type's JSON schema from the request of its service that makes the resource.

The kinds of `coercion` follow from it: a template's `MaxRetries: "2"`, which a parameter always
gives, is a number for Glue, and a tag's `true` is a text.
"""

from __future__ import annotations

from typing import Any

from localstack.aws.spec import load_service

Schema = dict[str, Any]
KINDS = {
    **dict.fromkeys(("integer", "long"), "integer"),
    **dict.fromkeys(("double", "float"), "number"),
    **{"string": "string", "boolean": "boolean"},
}
DEEPEST = 6  # some of Glue's shapes hold themselves


def properties(service: str, operation: str) -> Schema:
    """The request's members, named as CloudFormation names them."""
    shape: Any = load_service(service).operation_model(operation).input_shape
    return dict(_schema(shape, DEEPEST)["properties"])


def _schema(shape: Any, depth: int) -> Schema:
    if depth == 0:
        return {}
    if shape.type_name == "structure":
        members = {_capital(n): _schema(m, depth - 1) for n, m in shape.members.items()}
        return {"type": "object", "properties": members}
    if shape.type_name == "list":
        return {"type": "array", "items": _schema(shape.member, depth - 1)}
    if shape.type_name == "map":
        return {"type": "object", "additionalProperties": _schema(shape.value, depth - 1)}
    kind = KINDS.get(shape.type_name)
    return {"type": kind} if kind else {}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
