"""What a template does that its caller must have acknowledged.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from localstack.aws.api.cloudformation import InsufficientCapabilitiesException

Model = dict[str, Any]
# The types that can affect permissions, and the property by which one has a name of its own.
IAM = {
    "AWS::IAM::AccessKey": None,
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": None,
}
NO_VALUE = {"Ref": "AWS::NoValue"}


def check(template: Model, text: str, given: Iterable[str]) -> None:
    """`text` is the template as it was sent; `given` the request's capabilities."""
    acknowledged = set(given)
    if "CAPABILITY_NAMED_IAM" in acknowledged:
        acknowledged.add("CAPABILITY_IAM")
    if missing := [one for one in _needed(template, text) if one not in acknowledged]:
        raise InsufficientCapabilitiesException(f"Requires capabilities : [{', '.join(missing)}]")


def _needed(template: Model, text: str) -> list[str]:
    resources = template.get("Resources")
    parts = resources.values() if isinstance(resources, dict) else []
    found = [part for part in parts if isinstance(part, dict) and part.get("Type") in IAM]
    needed = []
    if found:
        named = any(_is_named(one) for one in found)
        needed.append("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM")
    if "Transform" in template or "Fn::Transform" in text:
        needed.append("CAPABILITY_AUTO_EXPAND")
    return needed


def _is_named(resource: Model) -> bool:
    name, properties = IAM[resource["Type"]], resource.get("Properties")
    given = properties.get(name) if name and isinstance(properties, dict) else None
    return given not in (None, NO_VALUE)
