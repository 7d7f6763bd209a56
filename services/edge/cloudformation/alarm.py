"""AWS::CloudWatch::Alarm: made only where there is none, changed in place with its tags."""

from __future__ import annotations

from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)

from services.edge.cloudformation import tags
from services.edge.cloudformation.refusals import RefusedError

Model = dict[str, Any]
OURS = ("Arn", "Id", "Tags")  # of the model, not of PutMetricAlarm


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    cloudwatch, model = request.aws_client_factory.cloudwatch, dict(request.desired_state)
    model.setdefault(
        "AlarmName",
        provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
    )
    if cloudwatch.describe_alarms(AlarmNames=[model["AlarmName"]])["MetricAlarms"]:
        raise RefusedError(f"{model['AlarmName']} already exists")
    cloudwatch.put_metric_alarm(**_sent(model), Tags=_listed(tags.as_map(model.get("Tags"))))
    made = cloudwatch.describe_alarms(AlarmNames=[model["AlarmName"]])["MetricAlarms"][0]
    return _done({**model, "Arn": made["AlarmArn"], "Id": model["AlarmName"]})


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    """PutMetricAlarm replaces all of an alarm but its state."""
    cloudwatch, before = request.aws_client_factory.cloudwatch, dict(request.previous_state or {})
    model = {**request.desired_state, **{n: before[n] for n in ("AlarmName", "Arn", "Id")}}
    cloudwatch.put_metric_alarm(**_sent(model))
    new, gone = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if new:
        cloudwatch.tag_resource(ResourceARN=model["Arn"], Tags=_listed(new))
    if gone:
        cloudwatch.untag_resource(ResourceARN=model["Arn"], TagKeys=gone)
    return _done(model)


def _sent(model: Model) -> Model:
    return {name: value for name, value in model.items() if name not in OURS}


def _listed(named: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in named.items()]


def _done(model: Model) -> ProgressEvent[Any]:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
