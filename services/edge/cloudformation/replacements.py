"""Whether a changed resource is made anew: by its values, where LocalStack goes by the template.

A reference to a resource that has changed in place is no new value; a name that is added or taken
away is one.
"""

from __future__ import annotations

from typing import Any

Model = dict[str, Any]
MISSING = object()


def is_needed(schema: Model, inputs_before: Model, deployed: Model, inputs_after: Model) -> bool:
    """`inputs_*` are the template's resolved properties, `deployed` what they became."""
    return any(
        _changed(path, inputs_before, deployed, inputs_after)
        for path in schema.get("createOnlyProperties", [])
    )


def values(path: str, before: Model, after: Model) -> tuple[Any, Any]:
    """A property, as a resource type's schema names it, of both models; MISSING where it is not."""
    return _at(_names(path), before), _at(_names(path), after)


def custom_name(schema: Model, before: Model, after: Model) -> str | None:
    """The name that a resource was given and keeps: a new one cannot be made beside it."""
    identifiers = schema.get("primaryIdentifier", [])
    if len(identifiers) != 1:
        return None
    path = identifiers[0].split("/")[2:]
    was, now = _at(path, before), _at(path, after)
    return str(now) if now is not MISSING and same(was, now) else None


def _changed(path: str, before: Model, deployed: Model, after: Model) -> bool:
    was, now = values(path, before, after)
    if same(was, now):
        return False
    # What the template left to the service and now names as it is: nothing changes.
    return not (was is MISSING and same(_at(_names(path), deployed), now))


def _names(path: str) -> list[str]:
    return path.removeprefix("/properties/").split("/")


def _at(path: list[str], model: Any) -> Any:
    for name in path:
        if not isinstance(model, dict) or name not in model:
            return MISSING
        model = model[name]
    return model


def same(one: Any, other: Any) -> bool:
    """Equal as CloudFormation sees it: a number and its text are."""
    if MISSING in (one, other) or isinstance(one, dict | list):
        return bool(one is other or one == other)
    return str(one) == str(other)
