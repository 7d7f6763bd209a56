"""AWS::CodePipeline::Pipeline."""

from __future__ import annotations

from typing import Any, ClassVar

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

from services.edge.cloudformation import tags
from services.edge.cloudformation.coercion import as_text

# Of the resource, but not of the declaration that the API takes.
BESIDE = ("Tags", "Version", "RestartExecutionOnUpdate", "DisableInboundStageTransitions")
NUMBERS = ("RunOrder", "TimeoutInMinutes")
Model = dict[str, Any]


class PipelineProvider(ResourceProvider):
    """A pipeline made, changed in place and deleted by a stack."""

    TYPE = "AWS::CodePipeline::Pipeline"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-codepipeline-pipeline.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "primaryIdentifier": ["/properties/Name"],
        "createOnlyProperties": ["/properties/Name"],
        "readOnlyProperties": ["/properties/Version"],
    }

    def create(self, request: ResourceRequest) -> ProgressEvent:
        model = dict(request.desired_state)
        model.setdefault(
            "Name",
            provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
        )
        api = request.aws_client_factory.codepipeline
        made = api.create_pipeline(
            pipeline=declaration(model), tags=_tag_list(tags.as_map(model.get("Tags")))
        )
        _set_transitions(api, {}, model)
        return _done(model, made["pipeline"])

    def read(self, request: ResourceRequest) -> ProgressEvent:
        name = request.desired_state["Name"]
        found = request.aws_client_factory.codepipeline.get_pipeline(name=name)["pipeline"]
        return _done(request.desired_state, found)

    def update(self, request: ResourceRequest) -> ProgressEvent:
        api, before = request.aws_client_factory.codepipeline, dict(request.previous_state or {})
        model = {**request.desired_state, "Name": before["Name"]}
        changed = declaration(model)
        if changed == declaration(before):
            made = api.get_pipeline(name=model["Name"])["pipeline"]
        else:
            made = api.update_pipeline(pipeline=changed)["pipeline"]
            if str(model.get("RestartExecutionOnUpdate", False)).lower() == "true":
                api.start_pipeline_execution(name=model["Name"])
        _set_transitions(api, before, model)
        _set_tags(api, request, before, model)
        return _done(model, made)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        request.aws_client_factory.codepipeline.delete_pipeline(name=request.desired_state["Name"])
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model={})


def declaration(model: Model) -> Model:
    """The resource's properties as the API's PipelineDeclaration."""
    return {_lower(k): _declared(k, v) for k, v in model.items() if k not in BESIDE}


def _declared(name: str, value: Any) -> Any:
    if name == "Configuration":
        return {key: as_text(text) for key, text in value.items()}
    if name in NUMBERS:
        return int(value)
    if isinstance(value, dict):
        return {_lower(key): _declared(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_declared("", inner) for inner in value]
    return value


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _set_transitions(api: Any, before: Model, model: Model) -> None:
    closed = {t["StageName"]: t["Reason"] for t in model.get("DisableInboundStageTransitions", [])}
    opened = {t["StageName"] for t in before.get("DisableInboundStageTransitions", [])}
    for stage, reason in closed.items():
        api.disable_stage_transition(
            pipelineName=model["Name"], stageName=stage, transitionType="Inbound", reason=reason
        )
    for stage in sorted(opened - closed.keys()):
        api.enable_stage_transition(
            pipelineName=model["Name"], stageName=stage, transitionType="Inbound"
        )


def _set_tags(api: Any, request: ResourceRequest, before: Model, model: Model) -> None:
    place = f"{request.region_name}:{request.account_id}"
    arn = f"arn:aws:codepipeline:{place}:{model['Name']}"
    changed, removed = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if changed:
        api.tag_resource(resourceArn=arn, tags=_tag_list(changed))
    if removed:
        api.untag_resource(resourceArn=arn, tagKeys=removed)


def _tag_list(found: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in found.items()]


def _done(model: Model, made: Model) -> ProgressEvent:
    whole = {**model, "Version": str(made["version"])}
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=whole)
