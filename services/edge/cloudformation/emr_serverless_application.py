"""AWS::EMRServerless::Application."""

from __future__ import annotations

from typing import Any, ClassVar

from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

from services.edge.cloudformation import shapes, tags
from services.edge.cloudformation.refusals import NotInPlaceError

CHANGEABLE = ("CREATED", "STOPPED")  # the states in which an application is changed or deleted
FIXED = ("Name", "Type", "Tags")
# UpdateApplication keeps what it is not told: what has left the template is as by default.
# https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CreateApplication.html
DEFAULTS: dict[str, Any] = {
    "Architecture": "X86_64",
    "AutoStartConfiguration": {"Enabled": True},
    "AutoStopConfiguration": {"Enabled": True, "IdleTimeoutMinutes": 15},
    "InitialCapacity": [],
    "MonitoringConfiguration": {},
    "NetworkConfiguration": {},
    "RuntimeConfiguration": [],
}


class ApplicationProvider(ResourceProvider):
    """Made, changed in place, deleted; its MaximumCapacity stays."""

    TYPE = "AWS::EMRServerless::Application"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-emrserverless-application.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "properties": shapes.properties("emr-serverless", "CreateApplication"),
        "primaryIdentifier": ["/properties/ApplicationId"],
        "createOnlyProperties": ["/properties/Name", "/properties/Type"],
        "readOnlyProperties": ["/properties/Arn", "/properties/ApplicationId"],
    }

    def create(self, request: ResourceRequest) -> ProgressEvent:
        model, emr = request.desired_state, request.aws_client_factory.emr_serverless
        if "ApplicationId" not in model:
            found = _left_behind(emr, request)
            made = found or emr.create_application(
                **_marked(_capacities(model), request), clientToken=_token(request)
            )
            model = {**model, "ApplicationId": made["applicationId"], "Arn": made["arn"]}
            return ProgressEvent(
                status=OperationStatus.IN_PROGRESS,
                resource_model=model,
                custom_context={"taken_over": found is not None},
            )
        if request.custom_context["taken_over"]:
            return _changed(emr, request, model)
        state = _state(emr, model)
        if state == "CREATING":
            return _event(OperationStatus.IN_PROGRESS, model)
        if state == "TERMINATED":
            return _failed(model, "The application was terminated while it was being created")
        return _event(OperationStatus.SUCCESS, model)

    def read(self, request: ResourceRequest) -> ProgressEvent:
        emr, model = request.aws_client_factory.emr_serverless, request.desired_state
        found = emr.get_application(applicationId=model["ApplicationId"])["application"]
        return _event(OperationStatus.SUCCESS, {**model, "Arn": found["arn"]})

    def update(self, request: ResourceRequest) -> ProgressEvent:
        emr = request.aws_client_factory.emr_serverless
        before: dict[str, Any] = request.previous_state or {}
        known = {name: before[name] for name in ("ApplicationId", "Arn")}
        model = {**request.desired_state, **known}
        if before.get("MaximumCapacity") and not model.get("MaximumCapacity"):
            raise NotInPlaceError(
                f"UpdateApplication cannot take MaximumCapacity away from {request.resource_type}:"
                " give the changed resource a new logical id"
            )
        event = _changed(emr, request, model)
        if event.status != OperationStatus.SUCCESS:
            return event
        changed, removed = tags.changes(
            tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags"))
        )
        if changed:
            emr.tag_resource(resourceArn=model["Arn"], tags=changed)
        if removed:
            emr.untag_resource(resourceArn=model["Arn"], tagKeys=removed)
        return event

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        emr, model = request.aws_client_factory.emr_serverless, request.desired_state
        if not _stopped(emr, model):
            return _event(OperationStatus.IN_PROGRESS, model)
        if _state(emr, model) != "TERMINATED":
            emr.delete_application(applicationId=model["ApplicationId"])
        return _event(OperationStatus.SUCCESS, model)


def _changed(emr: Any, request: ResourceRequest, model: dict[str, Any]) -> ProgressEvent:
    """The application with the settings of `model`, once it has stopped."""
    if not _stopped(emr, model):
        return _event(OperationStatus.IN_PROGRESS, model)
    changed = {name: value for name, value in model.items() if name not in FIXED}
    before: dict[str, Any] = request.previous_state or {}
    left = {name: value for name, value in DEFAULTS.items() if before.get(name)}
    settings = {**left, **changed}
    emr.update_application(**_capacities(settings), clientToken=_token(request))
    return _event(OperationStatus.SUCCESS, model)


def _token(request: ResourceRequest) -> str:
    return str(request.request_token).replace("-", "")


def _marked(application: dict[str, Any], request: ResourceRequest) -> dict[str, Any]:
    owner = tags.owner(request)
    return {**application, "Tags": {**application.get("Tags", {}), **owner}}


def _left_behind(emr: Any, request: ResourceRequest) -> dict[str, Any] | None:
    """The application of this very stack, where the edge ended before the stack knew of it."""
    wanted = _marked(_capacities(request.desired_state), request)
    for page in emr.get_paginator("list_applications").paginate():
        for summary in page["applications"]:
            found = emr.get_application(applicationId=summary["id"])["application"]
            if found.get("name") == wanted.get("Name") and found["tags"] == wanted["Tags"]:
                return {"applicationId": found["applicationId"], "arn": found["arn"]}
    return None


def _stopped(emr: Any, model: dict[str, Any]) -> bool:
    """Whether the application can be changed; a started one is asked to stop."""
    state = _state(emr, model)
    if state == "STARTED":
        emr.stop_application(applicationId=model["ApplicationId"])
    return state in (*CHANGEABLE, "TERMINATED")


def _state(emr: Any, model: dict[str, Any]) -> str:
    found = emr.get_application(applicationId=model["ApplicationId"])["application"]
    return str(found["state"])


def _capacities(model: dict[str, Any]) -> dict[str, Any]:
    """The API's shapes: maps where CloudFormation has lists; the casing is LocalStack's work."""
    request = {name: value for name, value in model.items() if name != "Arn"}
    if "Tags" in request:
        request["Tags"] = tags.as_map(request["Tags"])
    if "InitialCapacity" in request:
        request["InitialCapacity"] = {
            entry["Key"]: _worker(entry["Value"]) for entry in request["InitialCapacity"]
        }
    if "MaximumCapacity" in request:
        request["MaximumCapacity"] = _lower(request["MaximumCapacity"])
    return request


def _worker(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "workerCount": int(value["WorkerCount"]),
        "workerConfiguration": _lower(value.get("WorkerConfiguration", {})),
    }


def _lower(value: dict[str, Any]) -> dict[str, Any]:
    return {name[0].lower() + name[1:]: inner for name, inner in value.items()}


def _event(status: OperationStatus, model: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(status=status, resource_model=model)


def _failed(model: dict[str, Any], message: str) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.FAILED, resource_model=model, message=message)
