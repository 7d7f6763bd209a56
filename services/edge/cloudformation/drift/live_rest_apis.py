"""The properties of AWS::ApiGateway's resource types as they are now; see live.py."""

from __future__ import annotations

from typing import Any

from services.edge.cloudformation.records import Record, inputs

Model = dict[str, Any]


def rest_api(clients: Any, record: Record) -> Model:
    found = clients.apigateway.get_rest_api(restApiId=record["PhysicalResourceId"])
    names = ("name", "description", "binaryMediaTypes", "endpointConfiguration")
    return {name: found.get(name) for name in names}


def resource(clients: Any, record: Record) -> Model:
    found = clients.apigateway.get_resource(
        restApiId=inputs(record)["RestApiId"], resourceId=record["PhysicalResourceId"]
    )
    return {"ParentId": found.get("parentId"), "PathPart": found.get("pathPart")}


def method(clients: Any, record: Record) -> Model:
    given = inputs(record)
    found = clients.apigateway.get_method(
        restApiId=given["RestApiId"],
        resourceId=given["ResourceId"],
        httpMethod=given["HttpMethod"],
    )
    integration = dict(found.get("methodIntegration") or {})
    integration["integrationHttpMethod"] = integration.pop("httpMethod", None)
    names = ("httpMethod", "authorizationType", "apiKeyRequired")
    return {**{name: found.get(name) for name in names}, "Integration": integration}


def deployment(clients: Any, record: Record) -> Model:
    found = clients.apigateway.get_deployment(
        restApiId=inputs(record)["RestApiId"], deploymentId=record["PhysicalResourceId"]
    )
    return {"Description": found.get("description")}


def stage(clients: Any, record: Record) -> Model:
    given = inputs(record)
    found = clients.apigateway.get_stage(restApiId=given["RestApiId"], stageName=given["StageName"])
    settings = [_settings(key, each) for key, each in (found.get("methodSettings") or {}).items()]
    return {"DeploymentId": found.get("deploymentId"), "MethodSettings": settings}


def _settings(key: str, found: Model) -> Model:
    path, _, method = key.rpartition("/")
    path = path.replace("~1", "/")
    place = path if path.startswith("/") else f"/{path}"
    return {"HttpMethod": method, "ResourcePath": place, **found}
