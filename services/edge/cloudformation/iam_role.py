"""AWS::IAM::Role changed in place: trust, policies, boundary, description, session and tags.

LocalStack 4.9.2 leaves out most of it (localstack/services/iam/resource_providers/aws_iam_role.py),
and keeps policies that have left the template.
"""

from __future__ import annotations

import json
from typing import Any

from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)

from services.edge.cloudformation import tags

Model = dict[str, Any]
SESSION_SECONDS = 3600  # AWS's default


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    iam, before = request.aws_client_factory.iam, dict(request.previous_state or {})
    name = before["RoleName"]
    model = {**request.desired_state, "RoleName": name}
    iam.update_assume_role_policy(
        RoleName=name, PolicyDocument=_document(model["AssumeRolePolicyDocument"])
    )
    iam.update_role(
        RoleName=name,
        Description=model.get("Description", ""),
        MaxSessionDuration=int(model.get("MaxSessionDuration", SESSION_SECONDS)),
    )
    _attach(iam, name, before, model)
    _embed(iam, name, before, model)
    _bound(iam, name, before, model)
    changed, removed = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if changed:
        iam.tag_role(RoleName=name, Tags=[{"Key": k, "Value": v} for k, v in changed.items()])
    if removed:
        iam.untag_role(RoleName=name, TagKeys=removed)
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _attach(iam: Any, name: str, before: Model, after: Model) -> None:
    was, now = (set(model.get("ManagedPolicyArns") or []) for model in (before, after))
    for arn in sorted(now - was):
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    for arn in sorted(was - now):
        iam.detach_role_policy(RoleName=name, PolicyArn=arn)


def _embed(iam: Any, name: str, before: Model, after: Model) -> None:
    was, now = (
        {one["PolicyName"]: one["PolicyDocument"] for one in model.get("Policies") or []}
        for model in (before, after)
    )
    for policy, document in now.items():
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=_document(document))
    for policy in sorted(was.keys() - now.keys()):
        iam.delete_role_policy(RoleName=name, PolicyName=policy)


def _bound(iam: Any, name: str, before: Model, after: Model) -> None:
    was, now = before.get("PermissionsBoundary"), after.get("PermissionsBoundary")
    if now and now != was:
        iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=now)
    elif was and not now:
        iam.delete_role_permissions_boundary(RoleName=name)


def _document(given: Any) -> str:
    return given if isinstance(given, str) else json.dumps(given)
