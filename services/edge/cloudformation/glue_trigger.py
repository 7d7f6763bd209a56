"""AWS::Glue::Trigger: made, changed in place, deleted; StartOnCreation counts when it is made."""

from __future__ import annotations

from typing import Any, ClassVar

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

from services.edge.cloudformation import shapes, tags

DEFINITION = ("Description", "Schedule", "Predicate", "Actions", "EventBatchingCondition")


class TriggerProvider(ResourceProvider):
    TYPE = "AWS::Glue::Trigger"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-trigger.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "properties": shapes.properties("glue", "CreateTrigger"),
        "primaryIdentifier": ["/properties/Name"],
        "createOnlyProperties": [
            "/properties/Name",
            "/properties/Type",
            "/properties/WorkflowName",
        ],
    }

    def create(self, request: ResourceRequest) -> ProgressEvent:
        trigger = dict(request.desired_state)
        trigger.setdefault(
            "Name",
            provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
        )
        owner = tags.owner(request)
        owned = {**(trigger.get("Tags") or {}), **owner}
        request.aws_client_factory.glue.create_trigger(**{**trigger, "Tags": owned})
        return _done(trigger)

    def read(self, request: ResourceRequest) -> ProgressEvent:
        name = request.desired_state["Name"]
        return _done(request.aws_client_factory.glue.get_trigger(Name=name)["Trigger"])

    def update(self, request: ResourceRequest) -> ProgressEvent:
        glue = request.aws_client_factory.glue
        before: dict[str, Any] = request.previous_state or {}
        trigger = {**request.desired_state, "Name": before["Name"]}
        definition = {name: trigger[name] for name in DEFINITION if name in trigger}
        glue.update_trigger(Name=trigger["Name"], TriggerUpdate=definition)
        tags.change_glue(request, "trigger", before, trigger)
        return _done(trigger)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        request.aws_client_factory.glue.delete_trigger(Name=request.desired_state["Name"])
        return _done({})


def _done(trigger: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=trigger)
