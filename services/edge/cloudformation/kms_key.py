"""AWS::KMS::Key and AWS::KMS::Alias: made, changed in place; a key that is deleted waits its days.

LocalStack's resource types cannot update, and drop the waiting period and the rotation's.
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
from services.edge.cloudformation.refusals import refuse_changes

Model = dict[str, Any]
AT_CREATION = ("Description", "KeySpec", "KeyUsage", "MultiRegion", "Origin")
FIXED = ("KeySpec", "KeyUsage", "MultiRegion", "Origin")


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    kms, model = request.aws_client_factory.kms, dict(request.desired_state)
    asked = {name: model[name] for name in AT_CREATION if name in model}
    if model.get("KeyPolicy"):
        asked["Policy"] = json.dumps(model["KeyPolicy"])
    asked["Tags"] = _listed(tags.as_map(model.get("Tags")))
    made = kms.create_key(**asked)["KeyMetadata"]
    model |= {"KeyId": made["KeyId"], "Arn": made["Arn"]}
    try:
        _settle(kms, {}, model)
    except Exception:
        kms.schedule_key_deletion(KeyId=model["KeyId"], PendingWindowInDays=7)
        raise
    return _done(model)


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    kms, before = request.aws_client_factory.kms, dict(request.previous_state or {})
    model = {**request.desired_state, "KeyId": before["KeyId"], "Arn": before["Arn"]}
    refuse_changes(request.resource_type, before, model, FIXED)
    key = {"KeyId": model["KeyId"]}
    if before.get("Description") != model.get("Description"):
        kms.update_key_description(**key, Description=model.get("Description", ""))
    if model.get("KeyPolicy") and before.get("KeyPolicy") != model["KeyPolicy"]:
        kms.put_key_policy(**key, PolicyName="default", Policy=json.dumps(model["KeyPolicy"]))
    _settle(kms, before, model)
    new, gone = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if new:
        kms.tag_resource(**key, Tags=_listed(new))
    if gone:
        kms.untag_resource(**key, TagKeys=gone)
    return _done(model)


def delete(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    model = request.desired_state
    days = int(model.get("PendingWindowInDays") or 30)
    request.aws_client_factory.kms.schedule_key_deletion(
        KeyId=model["KeyId"], PendingWindowInDays=days
    )
    return _done({})


def update_alias(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    model = {**request.desired_state, "AliasName": (request.previous_state or {})["AliasName"]}
    request.aws_client_factory.kms.update_alias(
        AliasName=model["AliasName"], TargetKeyId=model["TargetKeyId"]
    )
    return _done(model)


def _settle(kms: Any, before: Model, model: Model) -> None:
    """Rotation before the state: a key that is disabled cannot be told to rotate."""
    key = {"KeyId": model["KeyId"]}
    if model.get("Enabled", True) and not before.get("Enabled", True):
        kms.enable_key(**key)
    rotation = ("EnableKeyRotation", "RotationPeriodInDays")
    if any(before.get(name) != model.get(name) for name in rotation):
        if model.get("EnableKeyRotation"):
            days = model.get("RotationPeriodInDays")
            kms.enable_key_rotation(**key, **({"RotationPeriodInDays": days} if days else {}))
        elif before.get("EnableKeyRotation"):
            kms.disable_key_rotation(**key)
    if not model.get("Enabled", True) and before.get("Enabled", True):
        kms.disable_key(**key)


def _listed(named: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in named.items()]


def _done(model: Model) -> ProgressEvent[Any]:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
