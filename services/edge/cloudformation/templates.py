"""Templates that CloudFormation refuses before it touches anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from localstack.services.cloudformation.engine.validations import ValidationError

from services.edge.cloudformation import policies

Model = dict[str, Any]
VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


def check(before: Model | None, after: Model) -> None:
    resources = after.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise ValidationError(
            "Template format error: At least one Resources member must be defined."
        )
    if "Transform" in after or any(name.startswith("Fn::") for name in resources):
        return  # what there is shows only once it is expanded
    for name, resource in resources.items():
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise ValidationError(
                f"Template format error: [/Resources/{name}] Every Resources object must contain"
                " a Type member."
            )
    policies.check(after)
    _check_types((before or {}).get("Resources") or {}, resources)
    _check_references(after, resources)


def _check_types(before: Model, after: Model) -> None:
    changed = [
        name
        for name, resource in after.items()
        if name in before and before[name].get("Type") != resource["Type"]
    ]
    if changed:
        raise ValidationError(
            "Update of resource type is not permitted. The new template modifies resource type of"
            f" the following resources: [{', '.join(changed)}]"
        )


def _check_references(template: Model, resources: Model) -> None:
    known = resources.keys() | (template.get("Parameters") or {}).keys()
    needs = {name: _needed(resource) for name, resource in resources.items()}
    _check_known(set().union(*needs.values()) - known, "Resources")
    _check_known(set(references(template.get("Outputs") or {})) - known, "Outputs")
    graph = {name: found & resources.keys() for name, found in needs.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring = sorted(set(error.args[1]))
        raise ValidationError(
            f"Circular dependency between resources: [{', '.join(ring)}]"
        ) from error


def _check_known(unknown: set[str], block: str) -> None:
    if unknown:
        raise ValidationError(
            "Template format error: Unresolved resource dependencies"
            f" [{', '.join(sorted(unknown))}] in the {block} block of the template"
        )


def _needed(resource: Model) -> set[str]:
    after = resource.get("DependsOn") or []
    return {*references(resource), *([after] if isinstance(after, str) else after)}


def references(value: Any) -> Iterator[str]:
    """The names of parameters and resources that a part of a template uses."""
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key == "Ref" and isinstance(inner, str):
            yield from [] if inner.startswith("AWS::") else [inner]
        elif key == "Fn::GetAtt":
            yield inner.partition(".")[0] if isinstance(inner, str) else inner[0]
        elif key == "Fn::Sub":
            yield from _substituted(inner)
        else:
            yield from references(inner)


def _substituted(argument: Any) -> Iterator[str]:
    text, own = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if isinstance(text, str):
        for name in VARIABLE.findall(text):
            if name.strip() not in own and not name.strip().startswith("AWS::"):
                yield name.strip().partition(".")[0]
    yield from references(own)
