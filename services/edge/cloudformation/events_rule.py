"""AWS::Events::Rule: made only where there is none, changed in place with its targets and tags.

PutRule changes a rule that exists, so LocalStack's provider adopts one of another owner; a rule
that the template gives no name it would make a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import ProgressEvent, ResourceRequest

from services.edge.cloudformation import tags
from services.edge.cloudformation.refusals import RefusedError

Model = dict[str, Any]
Operation = Callable[[Any, ResourceRequest[Any]], ProgressEvent[Any]]


def creating(put: Operation) -> Operation:
    def create(self: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
        events, model = request.aws_client_factory.events, request.desired_state
        if not model.get("Name"):
            model["Name"] = provider_utils.generate_default_name(
                request.stack_name, request.logical_resource_id
            )
        found = events.list_rules(NamePrefix=model["Name"], **_bus(model))["Rules"]
        if any(rule["Name"] == model["Name"] for rule in found):
            raise RefusedError(f"Rule {model['Name']} already exists")
        event = put(self, request)
        _set_tags(events, {}, event.resource_model)
        return event

    return create


def updating(put: Operation) -> Operation:
    """PutRule and PutTargets replace what is there; targets no longer named are removed."""

    def update(self: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
        events, before = request.aws_client_factory.events, dict(request.previous_state or {})
        model = request.desired_state
        model["Name"] = before.get("Name") or before["Id"].rpartition("|")[2]
        was, now = (
            {target["Id"] for target in state.get("Targets") or []} for state in (before, model)
        )
        if gone := sorted(was - now):
            events.remove_targets(Rule=model["Name"], Ids=gone, **_bus(model))
        event = put(self, request)
        _set_tags(events, before, event.resource_model)
        return event

    return update


def _bus(model: Model) -> Model:
    return {"EventBusName": model["EventBusName"]} if model.get("EventBusName") else {}


def _set_tags(events: Any, before: Model, after: Model) -> None:
    changed, removed = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(after.get("Tags")))
    if changed:
        listed = [{"Key": key, "Value": value} for key, value in changed.items()]
        events.tag_resource(ResourceARN=after["Arn"], Tags=listed)
    if removed:
        events.untag_resource(ResourceARN=after["Arn"], TagKeys=removed)
