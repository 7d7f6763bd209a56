"""REST APIs, methods, deployments and stages, changed in place.

LocalStack 4.9.2 (localstack/services/apigateway/resource_providers) changes no API, deployment or
stage, and of a method either the integration or the authorization.
"""

from __future__ import annotations

import json
from typing import Any

from localstack.services.apigateway.resource_providers.aws_apigateway_method import (
    ApiGatewayMethodProvider,
)
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)
from moto.apigateway.models import apigateway_backends

from services.edge.cloudformation import stages, tags
from services.edge.cloudformation.coercion import as_text
from services.edge.cloudformation.refusals import refuse_changes

Model = dict[str, Any]
API_TEXTS = {
    "Name": "/name",
    "Description": "/description",
    "ApiKeySourceType": "/apiKeySource",
    "DisableExecuteApiEndpoint": "/disableExecuteApiEndpoint",
    "MinimumCompressionSize": "/minimumCompressionSize",
    "Policy": "/policy",
}
API_FIXED = ("BodyS3Location", "CloneFrom", "EndpointConfiguration", "Mode", "Parameters")
DEFAULTS = {"DisableExecuteApiEndpoint": "false", "ApiKeySourceType": "HEADER"}


def update_api(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    apis, before = request.aws_client_factory.apigateway, dict(request.previous_state or {})
    model = {**request.desired_state, "RestApiId": before["RestApiId"]}
    model.setdefault("Name", before.get("Name"))
    refuse_changes(request.resource_type, before, model, API_FIXED)
    if operations := api_patches(before, model):
        apis.update_rest_api(restApiId=model["RestApiId"], patchOperations=operations)
    if model.get("Body") and model["Body"] != before.get("Body"):
        body = json.dumps(model["Body"]) if isinstance(model["Body"], dict) else model["Body"]
        apis.put_rest_api(
            restApiId=model["RestApiId"],
            mode="overwrite",
            body=body.encode(),
            parameters={"basepath": "ignore"},
        )
    _tag(request, f"/restapis/{model['RestApiId']}", before, model)
    return _done(model)


def api_patches(before: Model, after: Model) -> list[dict[str, str]]:
    """API Gateway's patch operations for an API's own properties."""
    operations = [
        {"op": "replace", "path": path, "value": _text(after.get(name, DEFAULTS.get(name, "")))}
        for name, path in API_TEXTS.items()
        if before.get(name) != after.get(name)
    ]
    was, now = (set(model.get("BinaryMediaTypes") or []) for model in (before, after))
    for action, types in (("add", now - was), ("remove", was - now)):
        for kind in sorted(types):
            place = kind.replace("~", "~0").replace("/", "~1")
            operations.append({"op": action, "path": f"/binaryMediaTypes/{place}"})
    return operations


def update_method(self: ApiGatewayMethodProvider, request: ResourceRequest[Any]) -> Any:
    """Made anew in its place: deployments hold copies, so no caller sees the gap."""
    place = {name: request.desired_state[name] for name in ("RestApiId", "ResourceId")}
    request.aws_client_factory.apigateway.delete_method(
        restApiId=place["RestApiId"],
        resourceId=place["ResourceId"],
        httpMethod=request.desired_state["HttpMethod"],
    )
    return self.create(request)


def update_deployment(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    before = dict(request.previous_state or {})
    model = {**request.desired_state, "DeploymentId": before["DeploymentId"]}
    refuse_changes(request.resource_type, before, model, ("StageName", "StageDescription"))
    description = {"op": "replace", "path": "/description", "value": model.get("Description", "")}
    request.aws_client_factory.apigateway.update_deployment(
        restApiId=model["RestApiId"],
        deploymentId=model["DeploymentId"],
        patchOperations=[description],
    )
    return _done(model)


def delete_deployment(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    """With the stage of its own only: LocalStack deletes those that have moved on as well."""
    apis, model = request.aws_client_factory.apigateway, request.desired_state
    api, deployment = model["RestApiId"], model["DeploymentId"]
    for stage in apis.get_stages(restApiId=api)["item"] if model.get("StageName") else []:
        if (stage["stageName"], stage["deploymentId"]) == (model["StageName"], deployment):
            apis.delete_stage(restApiId=api, stageName=stage["stageName"])
    apis.delete_deployment(restApiId=api, deploymentId=deployment)
    return _done({})


STAGE_FIXED = ("AccessLogSetting", "CacheClusterEnabled", "CacheClusterSize", "CanarySetting")


def settle_stage(request: ResourceRequest[Any], model: Model) -> None:
    """After LocalStack has made it."""
    _patch_stage(request, model, stages.method_settings(model.get("MethodSettings") or []))


def update_stage(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    before = dict(request.previous_state or {})
    model = {**request.desired_state, "StageName": before["StageName"]}
    refuse_changes(request.resource_type, before, model, STAGE_FIXED)
    _patch_stage(request, model, stages.patches(before, model))
    _tag(request, f"/restapis/{model['RestApiId']}/stages/{model['StageName']}", before, model)
    return _done(model)


def _patch_stage(request: ResourceRequest[Any], model: Model, operations: Any) -> None:
    if operations:
        request.aws_client_factory.apigateway.update_stage(
            restApiId=model["RestApiId"],
            stageName=model["StageName"],
            patchOperations=operations,
        )


def _tag(request: ResourceRequest[Any], path: str, before: Model, after: Model) -> None:
    apis = request.aws_client_factory.apigateway
    arn = f"arn:aws:apigateway:{request.region_name}::{path}"
    changed, removed = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(after.get("Tags")))
    if changed:
        apis.tag_resource(resourceArn=arn, tags=changed)
    if removed:
        apis.untag_resource(resourceArn=arn, tagKeys=removed)
    # LocalStack keeps these beside the tags that GetRestApi and GetStage show.
    api: Any = apigateway_backends[request.account_id][request.region_name].apis[after["RestApiId"]]
    tagged = api.stages[after["StageName"]] if "StageName" in after else api
    shown = {**(tagged.tags or {}), **changed}
    tagged.tags = {key: value for key, value in shown.items() if key not in removed}


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict) else as_text(value)


def _done(model: Model) -> ProgressEvent[Any]:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
