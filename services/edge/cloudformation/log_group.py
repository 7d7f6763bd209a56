"""AWS::Logs::LogGroup: retention and tags are set, and changed in place."""

from __future__ import annotations

from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)

from services.edge.cloudformation import tags
from services.edge.cloudformation.refusals import refuse_unserved

Model = dict[str, Any]
UNSERVED = ("DataProtectionPolicy", "KmsKeyId")


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    """With its tags at once: LocalStack forgets tags that are set on a group without any."""
    logs, model = request.aws_client_factory.logs, dict(request.desired_state)
    refuse_unserved(request.resource_type, model, UNSERVED)
    model.setdefault(
        "LogGroupName",
        provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
    )
    tagged = {"tags": tags.as_map(model["Tags"])} if model.get("Tags") else {}
    logs.create_log_group(logGroupName=model["LogGroupName"], **tagged)
    found = logs.describe_log_groups(logGroupNamePrefix=model["LogGroupName"])["logGroups"]
    model["Arn"] = next(g["arn"] for g in found if g["logGroupName"] == model["LogGroupName"])
    try:
        _retain(logs, model)
    except Exception:
        logs.delete_log_group(logGroupName=model["LogGroupName"])  # no stack knows of it
        raise
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    logs, before = request.aws_client_factory.logs, dict(request.previous_state or {})
    model = {**request.desired_state, "LogGroupName": before["LogGroupName"]}
    refuse_unserved(request.resource_type, model, UNSERVED)
    name = model["LogGroupName"]
    _retain(logs, model)
    if before.get("RetentionInDays") and not model.get("RetentionInDays"):
        logs.delete_retention_policy(logGroupName=name)
    changed, removed = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if changed:
        logs.tag_log_group(logGroupName=name, tags=changed)
    if removed:
        logs.untag_log_group(logGroupName=name, tags=removed)
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _retain(logs: Any, model: Model) -> None:
    if days := model.get("RetentionInDays"):
        logs.put_retention_policy(logGroupName=model["LogGroupName"], retentionInDays=int(days))
