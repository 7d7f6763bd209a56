"""A template's IAM statements in words, and what two templates differ by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as its long ones."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def template_of(text: str) -> dict[str, Any]:
    found = yaml.load(text, _Loader)
    return dict(found)


@dataclass(frozen=True, order=True)
class Permission:
    """One action on one resource; `verb` is "may" or "must not"."""

    role: str
    verb: str
    action: str
    resource: str = ""
    condition: str = ""


def permissions(template: dict[str, Any]) -> set[Permission]:
    """All that the roles of the template are given, and who can take them on."""
    return {
        permission
        for name, resource in template.get("Resources", {}).items()
        if resource["Type"] == "AWS::IAM::Role"
        for permission in [
            *_trust(name, resource["Properties"]),
            *_policies(name, resource["Properties"]),
        ]
    }


def compared(before: str | None, after: str) -> dict[str, list[str]]:
    """What the later template allows and the earlier does not, and the reverse, in words."""
    old = permissions(template_of(before)) if before else set()
    new = permissions(template_of(after))
    return {"added": in_words(new - old), "removed": in_words(old - new)}


def in_words(found: set[Permission]) -> list[str]:
    """Permissions as sentences: actions on the same resource, and resources of the same actions,
    together."""
    actions: dict[tuple[str, str, str, str], list[str]] = {}
    for each in sorted(found):
        key = (each.role, each.verb, each.condition, each.resource)
        actions.setdefault(key, []).append(each.action)
    resources: dict[tuple[str, str, str, str], list[str]] = {}
    for (role, verb, condition, resource), names in actions.items():
        resources.setdefault((role, verb, ", ".join(names), condition), []).append(resource)
    return [
        f"{role} {verb} {names}"
        + (f" on {', '.join(where)}" if any(where) else "")
        + (f" if {condition}" if condition else "")
        for (role, verb, names, condition), where in sorted(resources.items())
    ]


def _trust(name: str, role: dict[str, Any]) -> list[Permission]:
    return [
        Permission(name, "can be assumed by", _text(value))
        for statement in _list(role["AssumeRolePolicyDocument"]["Statement"])
        for value in _principals(statement["Principal"])
    ]


def _policies(name: str, role: dict[str, Any]) -> list[Permission]:
    managed = [
        Permission(name, "has the managed policy", _text(arn))
        for arn in role.get("ManagedPolicyArns", [])
    ]
    return managed + [
        Permission(
            name,
            "may" if statement["Effect"] == "Allow" else "must not",
            action,
            resource,
            _text(statement["Condition"]) if "Condition" in statement else "",
        )
        for policy in role.get("Policies", [])
        for statement in _list(policy["PolicyDocument"]["Statement"])
        for action in _named(statement, "Action")
        for resource in _named(statement, "Resource")
    ]


def _principals(value: Any) -> list[Any]:
    """Of every kind: services, accounts, identity providers; or the star, for anybody."""
    if not isinstance(value, dict):
        return _list(value)
    return [principal for kind in value.values() for principal in _list(kind)]


def _named(statement: dict[str, Any], member: str) -> list[str]:
    """The texts of Action or Resource; of NotAction or NotResource, all but those."""
    if member in statement:
        return [_text(value) for value in _list(statement[member])]
    return [f"all but {', '.join(_text(value) for value in _list(statement[f'Not{member}']))}"]


def _text(value: Any) -> str:
    """A value of a template for a person: references by the names of what they refer to."""
    if not isinstance(value, dict):
        return str(value)
    if value.keys() == {"Ref"}:
        return f"${{{value['Ref']}}}"
    if value.keys() == {"Fn::GetAtt"}:
        return f"${{{'.'.join(value['Fn::GetAtt'])}}}"
    if value.keys() == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
        return value["Fn::Sub"]
    return json.dumps(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
