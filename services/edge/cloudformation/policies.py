"""What a template says of the end of its resources: deleted with the stack, or kept."""

from __future__ import annotations

from typing import Any, Literal

from localstack.services.cloudformation.engine.validations import ValidationError

Model = dict[str, Any]
Attribute = Literal["DeletionPolicy", "UpdateReplacePolicy"]
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
VALUES = {
    "DeletionPolicy": ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot"),
    "UpdateReplacePolicy": ("Delete", "Retain", "Snapshot"),
}


def policy(template: Model | None, name: str, attribute: Attribute) -> str:
    """The policy of one resource; none of the served types has Snapshot for its default."""
    resource = ((template or {}).get("Resources") or {}).get(name) or {}
    return str(resource.get(attribute) or "Delete")


def survives_deletion(deletion_policy: str) -> bool:
    return deletion_policy in ("Retain", "RetainExceptOnCreate")


def survives_rollback(deletion_policy: str, *, retain_except_on_create: bool) -> bool:
    """Whether a resource that the failed operation has just made stays."""
    return deletion_policy == "Retain" and not retain_except_on_create


def check(template: Model) -> None:
    """Refuse a policy that does not exist, and snapshots: no served type can take one."""
    for name, resource in (template.get("Resources") or {}).items():
        for attribute, values in VALUES.items():
            given = resource.get(attribute) if isinstance(resource, dict) else None
            if given is None or isinstance(given, dict):
                continue
            if given not in values:
                raise ValidationError(
                    f"Template format error: Unrecognized {attribute} {given} for resource {name}"
                )
            if given == "Snapshot":
                kind = resource.get("Type")
                raise ValidationError(
                    f"Template error: resource type {kind} does not support {attribute} Snapshot"
                )
