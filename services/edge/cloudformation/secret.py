"""AWS::SecretsManager::Secret: made, changed in place with its value and tags, deleted at once.

LocalStack's resource type draws the value from a generator that is not meant for secrets, drops
RequireEachIncludedType, and cannot update.
"""

from __future__ import annotations

import json
from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)

from services.edge.cloudformation import tags
from services.edge.cloudformation.refusals import RefusedError, refuse_unserved

Model = dict[str, Any]
UNSERVED = ("ReplicaRegions", "Type")
SENT = ("Description", "KmsKeyId", "SecretString")


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    client, model = request.aws_client_factory.secretsmanager, dict(request.desired_state)
    refuse_unserved(request.resource_type, model, UNSERVED)
    model.setdefault(
        "Name",
        provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
    )
    asked = {name: model[name] for name in ("Name", *SENT) if name in model}
    if model.get("Tags"):
        asked["Tags"] = _listed(tags.as_map(model["Tags"]))
    made = client.create_secret(**{**asked, **_value(client, model)})
    return _done({**model, "Id": made["ARN"]})


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    client, before = request.aws_client_factory.secretsmanager, dict(request.previous_state or {})
    model = {**request.desired_state, "Id": before["Id"], "Name": before["Name"]}
    refuse_unserved(request.resource_type, model, UNSERVED)
    changed = {name: model[name] for name in SENT if name in model and differs(before, model, name)}
    if "Description" in before and "Description" not in model:
        changed["Description"] = ""
    if differs(before, model, "GenerateSecretString"):
        changed |= _value(client, model)
    if changed:
        client.update_secret(SecretId=model["Id"], **changed)
    new, gone = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if new:
        client.tag_resource(SecretId=model["Id"], Tags=_listed(new))
    if gone:
        client.untag_resource(SecretId=model["Id"], TagKeys=gone)
    return _done(model)


def differs(before: Model, model: Model, name: str) -> bool:
    return before.get(name) != model.get(name)


def _value(client: Any, model: Model) -> Model:
    """The SecretString that is generated, where one is."""
    wanted = model.get("GenerateSecretString")
    if wanted is None:
        return {}
    if "SecretString" in model:
        raise RefusedError("You can specify either SecretString or GenerateSecretString, not both")
    options = dict(wanted)
    template, key = options.pop("SecretStringTemplate", None), options.pop("GenerateStringKey", "")
    if (template is None) != (not key):
        raise RefusedError("SecretStringTemplate and GenerateStringKey must be given together")
    password = client.get_random_password(**options)["RandomPassword"]
    whole = password if template is None else json.dumps({**json.loads(template), key: password})
    return {"SecretString": whole}


def _listed(named: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in named.items()]


def _done(model: Model) -> ProgressEvent[Any]:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
