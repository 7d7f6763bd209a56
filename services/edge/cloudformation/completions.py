"""What LocalStack's own resource types leave out: tags, retention, throttling, honest updates.

LocalStack 4.9.2 drops these properties, and reports an update that it cannot make as made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from botocore.exceptions import ClientError
from localstack.services.apigateway.resource_providers.aws_apigateway_stage import (
    ApiGatewayStageProvider,
)
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProviderExecutor,
    ResourceRequest,
    convert_payload,
)
from localstack.services.events.resource_providers.aws_events_rule import EventsRuleProvider
from localstack.services.logs.resource_providers.aws_logs_loggroup import LogsLogGroupProvider
from localstack.services.stepfunctions.resource_providers.aws_stepfunctions_statemachine import (
    StepFunctionsStateMachineProvider,
)

from services.edge.cloudformation import tags
from services.edge.cloudformation.stages import throttling

Model = dict[str, Any]
READY_POLL_SECONDS = 0.2
Operation = Callable[[Any, ResourceRequest], ProgressEvent]


def complete() -> None:
    """Replace operations of LocalStack's resource providers; call once, before a stack is made."""
    for provider, settle in (
        (EventsRuleProvider, _settle_rule),
        (ApiGatewayStageProvider, _settle_stage),
        (StepFunctionsStateMachineProvider, _settle_state_machine),
    ):
        provider.create = _then(provider.create, settle)
    LogsLogGroupProvider.create = _then(_create_log_group, _settle_log_group)
    LogsLogGroupProvider.update = _then(_known_before, _settle_log_group)
    ApiGatewayStageProvider.update = _then(_known_before, _settle_stage)
    EventsRuleProvider.update = _then(_put_rule_again, _settle_rule)
    StepFunctionsStateMachineProvider.update = _then(
        StepFunctionsStateMachineProvider.update, _settle_state_machine
    )
    # LocalStack asks every 5 s whether a resource is ready; a function is within 0.3 s.
    ResourceProviderExecutor.deploy_loop = functools.partialmethod(
        ResourceProviderExecutor.deploy_loop, sleep_time=READY_POLL_SECONDS
    )
    ResourceProviderExecutor.execute_action = _honest_updates(
        ResourceProviderExecutor.execute_action
    )


def _then(operation: Operation, settle: Callable[[ResourceRequest, Model], None]) -> Operation:
    @functools.wraps(operation)
    def whole(self: Any, request: ResourceRequest) -> ProgressEvent:
        event = operation(self, request)
        if event.status == OperationStatus.SUCCESS:
            settle(request, event.resource_model)
        return event

    return whole


def _known_before(_: Any, request: ResourceRequest) -> ProgressEvent:
    """The new properties with those that only creating gives, such as the ARN."""
    before: Model = request.previous_state or {}
    known = {name: before[name] for name in ("Arn", "Id") if name in before}
    return ProgressEvent(
        status=OperationStatus.SUCCESS, resource_model={**request.desired_state, **known}
    )


def _put_rule_again(self: Any, request: ResourceRequest) -> ProgressEvent:
    """PutRule and PutTargets replace what is there; targets no longer named are removed."""
    events = request.aws_client_factory.events
    wanted = {target["Id"] for target in request.desired_state.get("Targets") or []}
    before = {target["Id"] for target in (request.previous_state or {}).get("Targets") or []}
    if gone := sorted(before - wanted):
        events.remove_targets(Rule=request.desired_state["Name"], Ids=gone)
    return EventsRuleProvider.create.__wrapped__(self, request)


def _create_log_group(_: Any, request: ResourceRequest) -> ProgressEvent:
    """With its tags at once: LocalStack forgets tags that are set on a group without any."""
    logs, model = request.aws_client_factory.logs, dict(request.desired_state)
    model.setdefault(
        "LogGroupName",
        provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
    )
    logs.create_log_group(logGroupName=model["LogGroupName"], tags=tags.as_map(model.get("Tags")))
    found = logs.describe_log_groups(logGroupNamePrefix=model["LogGroupName"])["logGroups"]
    model["Arn"] = next(g["arn"] for g in found if g["logGroupName"] == model["LogGroupName"])
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _settle_log_group(request: ResourceRequest, model: Model) -> None:
    logs, name = request.aws_client_factory.logs, model["LogGroupName"]
    if model.get("RetentionInDays"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=int(model["RetentionInDays"]))
    if request.previous_state is None:
        return
    if not model.get("RetentionInDays"):
        logs.delete_retention_policy(logGroupName=name)
    changed, removed = _tag_changes(request, model)
    if changed:
        logs.tag_log_group(logGroupName=name, tags=changed)
    if removed:
        logs.untag_log_group(logGroupName=name, tags=removed)


def _settle_rule(request: ResourceRequest, model: Model) -> None:
    events = request.aws_client_factory.events
    changed, removed = _tag_changes(request, model)
    if changed:
        events.tag_resource(ResourceARN=model["Arn"], Tags=_as_list(changed, "Key", "Value"))
    if removed:
        events.untag_resource(ResourceARN=model["Arn"], TagKeys=removed)


def _settle_state_machine(request: ResourceRequest, model: Model) -> None:
    states = request.aws_client_factory.stepfunctions
    changed, removed = _tag_changes(request, model)
    if changed:
        states.tag_resource(resourceArn=model["Arn"], tags=_as_list(changed, "key", "value"))
    if removed:
        states.untag_resource(resourceArn=model["Arn"], tagKeys=removed)


def _settle_stage(request: ResourceRequest, model: Model) -> None:
    operations = throttling(model.get("MethodSettings") or [])
    if request.previous_state:
        deployment = {"op": "replace", "path": "/deploymentId", "value": model["DeploymentId"]}
        operations.append(deployment)
    if operations:
        request.aws_client_factory.apigateway.update_stage(
            restApiId=model["RestApiId"],
            stageName=model["StageName"],
            patchOperations=operations,
        )


def _tag_changes(request: ResourceRequest, model: Model) -> tuple[dict[str, str], list[str]]:
    before: Model = request.previous_state or {}
    return tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))


def _as_list(found: dict[str, str], key: str, value: str) -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in found.items()]


def _honest_updates(execute: Callable[..., ProgressEvent]) -> Any:
    """Updates fail with their own reason, and where there is none to make, instead of passing."""

    @functools.wraps(execute)
    def honest(self: Any, provider: Any, payload: Model) -> ProgressEvent:
        if payload["action"] != "Modify":
            return execute(self, provider, payload)
        if not _can_update(provider):
            message = (
                f"LocalStack cannot change {payload['resourceType']} in place: delete the stack"
                " and deploy again"
            )
            return _unchanged(payload, message)
        try:
            return provider.update(convert_payload(self.stack_name, self.stack_id, payload))
        except ClientError as error:
            return _unchanged(payload, str(error))

    return honest


def _unchanged(payload: Model, message: str) -> ProgressEvent:
    former = payload["requestData"]["previousResourceProperties"]
    return ProgressEvent(status=OperationStatus.FAILED, resource_model=former, message=message)


def _can_update(provider: Any) -> bool:
    """LocalStack's providers all define `update`; one that only raises has this single name."""
    code = type(provider).update.__code__
    return bool(code.co_names != ("NotImplementedError",))
