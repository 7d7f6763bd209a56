"""AWS::SSM::Parameter: made only where there is none, changed in place with its tags."""

from __future__ import annotations

from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)

from services.edge.cloudformation import tags
from services.edge.cloudformation.coercion import as_text
from services.edge.cloudformation.refusals import RefusedError, refuse_unserved

Model = dict[str, Any]
SENT = ("AllowedPattern", "DataType", "Description", "Tier", "Type", "Value")


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    ssm, model = request.aws_client_factory.ssm, _checked(request)
    model.setdefault(
        "Name",
        provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
    )
    given = {key: as_text(value) for key, value in (model.get("Tags") or {}).items()}
    ssm.put_parameter(Name=model["Name"], **_sent(model), Tags=_listed(given))
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    ssm, before = request.aws_client_factory.ssm, dict(request.previous_state or {})
    model = {**_checked(request), "Name": before["Name"]}
    left = {"Description": ""} if "Description" in before else {}
    ssm.put_parameter(Name=model["Name"], **left | _sent(model), Overwrite=True)
    new, gone = tags.changes(before.get("Tags") or {}, model.get("Tags") or {})
    place = {"ResourceType": "Parameter", "ResourceId": model["Name"]}
    if new:
        ssm.add_tags_to_resource(**place, Tags=_listed(new))
    if gone:
        ssm.remove_tags_from_resource(**place, TagKeys=gone)
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _checked(request: ResourceRequest[Any]) -> Model:
    model = dict(request.desired_state)
    refuse_unserved(request.resource_type, model, ("Policies",))
    if model.get("Type") == "SecureString":  # nor does AWS's
        raise RefusedError("A template cannot make a parameter of type SecureString")
    return model


def _sent(model: Model) -> Model:
    return {name: as_text(model[name]) for name in SENT if name in model}


def _listed(named: dict[str, Any]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": as_text(value)} for key, value in named.items()]
