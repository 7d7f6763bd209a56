"""What roles and resource policies of a template allow, in words; what two templates differ by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

# The property that holds the policy, by the type of the resource.
RESOURCE_POLICIES = {
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
    "AWS::KMS::Key": "KeyPolicy",
}


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
    """All that the roles of the template are given, who can take them on, and what the policies of
    resources give to anybody."""
    return {
        permission
        for name, resource in template.get("Resources", {}).items()
        for permission in _of_resource(name, resource["Type"], resource.get("Properties") or {})
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


def _of_resource(name: str, kind: str, properties: dict[str, Any]) -> list[Permission]:
    if kind == "AWS::IAM::Role":
        return [*_trust(name, properties), *_policies(name, properties)]
    if kind == "AWS::Lambda::Permission":
        return [_of_function(properties)]
    if kind in RESOURCE_POLICIES:
        return _of_policy(properties.get(RESOURCE_POLICIES[kind]) or {}, name)
    return []


def _of_function(given: dict[str, Any]) -> Permission:
    """Who may call a function; what narrows that down are further members of the permission."""
    narrowed = {
        name: _text(value)
        for name, value in given.items()
        if name not in ("FunctionName", "Action", "Principal")
    }
    condition = ", ".join(f"{name} is {value}" for name, value in sorted(narrowed.items()))
    who, what = _text(given["Principal"]), _text(given["Action"])
    return Permission(who, "may", what, _text(given["FunctionName"]), condition)


def _of_policy(document: dict[str, Any], name: str) -> list[Permission]:
    """The statements of a resource's policy, each by whom it is about."""
    return [
        Permission(who, verb, action, resource, condition)
        for statement in _list(document.get("Statement", []))
        for who in _who(statement)
        for verb, action, resource, condition in _statement(statement, f"${{{name}}}")
    ]


def _who(statement: dict[str, Any]) -> list[str]:
    if "NotPrincipal" in statement:
        others = ", ".join(_text(value) for value in _principals(statement["NotPrincipal"]))
        return [f"anybody but {others}"]
    found = [_text(value) for value in _principals(statement["Principal"])]
    return ["anybody" if value == "*" else value for value in found]


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
        Permission(name, *found)
        for policy in role.get("Policies", [])
        for statement in _list(policy["PolicyDocument"]["Statement"])
        for found in _statement(statement)
    ]


def _statement(
    statement: dict[str, Any], of_itself: str = ""
) -> Iterator[tuple[str, str, str, str]]:
    """Verb, action, resource and condition; `of_itself` stands where a policy names no resource."""
    verb = "may" if statement["Effect"] == "Allow" else "must not"
    condition = _text(statement["Condition"]) if "Condition" in statement else ""
    names_one = "Resource" in statement or "NotResource" in statement
    resources = _named(statement, "Resource") if names_one else [of_itself]
    for action in _named(statement, "Action"):
        for resource in resources:
            yield verb, action, resource, condition


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
