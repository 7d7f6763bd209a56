"""AWS::StepFunctions::StateMachine: made only where there is none, changed in place.

CreateStateMachine answers an equal request with the machine that exists, so LocalStack's provider
adopts it; its update leaves out the role, tracing and tags, and keeps logging that is taken away.
"""

from __future__ import annotations

from collections.abc import Callable
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
Operation = Callable[[Any, ResourceRequest[Any]], ProgressEvent[Any]]


def creating(make: Operation) -> Operation:
    def create(self: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
        states, model = request.aws_client_factory.stepfunctions, request.desired_state
        if not model.get("StateMachineName"):
            model["StateMachineName"] = provider_utils.generate_default_name(
                request.stack_name, request.logical_resource_id
            )
        name = model["StateMachineName"]
        pages = states.get_paginator("list_state_machines").paginate()
        if any(machine["name"] == name for page in pages for machine in page["stateMachines"]):
            raise RefusedError(f"State machine {name} already exists")
        event = make(self, request)
        _set_tags(states, {}, event.resource_model)
        return event

    return create


def update(self: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    states, before = request.aws_client_factory.stepfunctions, dict(request.previous_state or {})
    known = {name: before[name] for name in ("Arn", "Name", "StateMachineName")}
    model = {**request.desired_state, **known}
    states.update_state_machine(
        stateMachineArn=model["Arn"],
        definition=self._get_definition(model, request.aws_client_factory.s3),
        roleArn=model["RoleArn"],
        loggingConfiguration=model.get("LoggingConfiguration") or {"level": "OFF"},
        tracingConfiguration=model.get("TracingConfiguration") or {"enabled": False},
    )
    _set_tags(states, before, model)
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _set_tags(states: Any, before: Model, after: Model) -> None:
    changed, removed = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(after.get("Tags")))
    if changed:
        listed = [{"key": key, "value": value} for key, value in changed.items()]
        states.tag_resource(resourceArn=after["Arn"], tags=listed)
    if removed:
        states.untag_resource(resourceArn=after["Arn"], tagKeys=removed)
