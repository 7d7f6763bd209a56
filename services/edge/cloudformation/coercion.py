"""A template's values in the kinds that a resource type declares: true is "true" for a text.

YAML and JSON templates write truth values and numbers where the type has texts, and the other way
round; CloudFormation converts them, LocalStack gives Python's `True` to the services.
"""

from __future__ import annotations

import re
from typing import Any

Model = dict[str, Any]


def as_text(value: Any) -> str:
    """As CloudFormation writes a scalar."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_declared(schema: Model, properties: Model) -> Model:
    """The properties with every scalar in the kind of the resource type's JSON schema."""
    return dict(_object(schema, schema, properties))


def _value(schema: Model, declared: Model, value: Any) -> Any:
    declared = _resolved(schema, declared)
    if isinstance(value, dict):
        return _object(schema, declared, value)
    if isinstance(value, list):
        items = declared.get("items")
        return [_value(schema, items, one) if isinstance(items, dict) else one for one in value]
    return _scalar(declared.get("type"), value)


def _object(schema: Model, declared: Model, value: Model) -> Model:
    return {key: _value(schema, _declared(declared, key), inner) for key, inner in value.items()}


def _declared(declared: Model, key: str) -> Model:
    properties = declared.get("properties") or {}
    if isinstance(properties.get(key), dict):
        return dict(properties[key])
    for pattern, inner in (declared.get("patternProperties") or {}).items():
        if isinstance(inner, dict) and re.search(pattern, key):
            return inner
    rest = declared.get("additionalProperties")
    return rest if isinstance(rest, dict) else {}


def _resolved(schema: Model, declared: Model) -> Model:
    seen = 0
    while (reference := declared.get("$ref")) and seen < 10:
        seen += 1
        declared = (schema.get("definitions") or {}).get(reference.rpartition("/")[2]) or {}
    return declared


def _scalar(kind: Any, value: Any) -> Any:
    if kind == "string" and isinstance(value, bool | int | float):
        return as_text(value)
    if kind == "boolean" and value in ("true", "false", "True", "False"):
        return value.lower() == "true"
    if kind in ("integer", "number") and isinstance(value, str):
        return _number(value)
    return value


def _number(text: str) -> Any:
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return text
