"""AWS::Scheduler::Schedule and ScheduleGroup: made, changed in place; LocalStack's drop changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)

from services.edge.cloudformation import tags
from services.edge.cloudformation.refusals import refuse_changes

Model = dict[str, Any]


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    scheduler, model = request.aws_client_factory.scheduler, dict(request.desired_state)
    if not model.get("Name"):
        made = provider_utils.generate_default_name(request.stack_name, request.logical_resource_id)
        model["Name"] = made[:64]
    return _done({**model, "Arn": scheduler.create_schedule(**_sent(model))["ScheduleArn"]})


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    scheduler, before = request.aws_client_factory.scheduler, dict(request.previous_state or {})
    model = {**request.desired_state, "Name": before["Name"], "Arn": before["Arn"]}
    refuse_changes(request.resource_type, before, model, ("GroupName",))
    scheduler.update_schedule(**_sent(model))
    return _done(model)


def update_group(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    scheduler, before = request.aws_client_factory.scheduler, dict(request.previous_state or {})
    model = {**request.desired_state, "Name": before["Name"], "Arn": before["Arn"]}
    new, gone = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if new:
        given = [{"Key": key, "Value": value} for key, value in new.items()]
        scheduler.tag_resource(ResourceArn=model["Arn"], Tags=given)
    if gone:
        scheduler.untag_resource(ResourceArn=model["Arn"], TagKeys=gone)
    return _done(model)


def _sent(model: Model) -> Model:
    sent = {name: value for name, value in model.items() if name != "Arn"}
    for name in ("StartDate", "EndDate"):
        if isinstance(sent.get(name), str):
            sent[name] = datetime.fromisoformat(sent[name].replace("Z", "+00:00"))
    return sent


def _done(model: Model) -> ProgressEvent[Any]:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
