"""A stage's properties as API Gateway's patch operations."""

from __future__ import annotations

from typing import Any

from services.edge.cloudformation.coercion import as_text

Model = dict[str, Any]
Patches = list[dict[str, str]]
# https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch
TEXTS = {
    "DeploymentId": "/deploymentId",
    "Description": "/description",
    "TracingEnabled": "/tracingEnabled",
    "ClientCertificateId": "/clientCertificateId",
    "DocumentationVersion": "/documentationVersion",
}
METHOD_SETTINGS = {
    "ThrottlingRateLimit": "throttling/rateLimit",
    "ThrottlingBurstLimit": "throttling/burstLimit",
    "LoggingLevel": "logging/loglevel",
    "DataTraceEnabled": "logging/dataTrace",
    "MetricsEnabled": "metrics/enabled",
    "CachingEnabled": "caching/enabled",
    "CacheTtlInSeconds": "caching/ttlInSeconds",
    "CacheDataEncrypted": "caching/dataEncrypted",
}
EMPTY = {"TracingEnabled": "false"}


def patches(before: Model, after: Model) -> Patches:
    """What makes a stage of one definition a stage of the other."""
    return [*_texts(before, after), *_variables(before, after), *_methods(before, after)]


def method_settings(settings: list[Model]) -> Patches:
    """Of a stage's method settings, which LocalStack leaves out when it makes one."""
    return [
        _replace(f"{_place(setting)}/{path}", setting[name])
        for setting in settings
        for name, path in METHOD_SETTINGS.items()
        if name in setting
    ]


def _texts(before: Model, after: Model) -> Patches:
    return [
        _replace(path, after.get(name, EMPTY.get(name, "")))
        for name, path in TEXTS.items()
        if before.get(name) != after.get(name)
    ]


def _variables(before: Model, after: Model) -> Patches:
    was, now = (model.get("Variables") or {} for model in (before, after))
    changed = {name: value for name, value in now.items() if was.get(name) != value}
    gone = sorted(was.keys() - now.keys())
    return [
        *(_replace(f"/variables/{name}", value) for name, value in changed.items()),
        *({"op": "remove", "path": f"/variables/{name}"} for name in gone),
    ]


def _methods(before: Model, after: Model) -> Patches:
    was, now = (model.get("MethodSettings") or [] for model in (before, after))
    if was == now:
        return []
    gone = {_place(setting) for setting in was} - {_place(setting) for setting in now}
    return [
        *({"op": "remove", "path": place} for place in sorted(gone)),
        *method_settings(now),
    ]


def _place(setting: Model) -> str:
    path = setting["ResourcePath"].removeprefix("/").replace("/", "~1") or "~1"
    return f"/{path}/{setting['HttpMethod']}"


def _replace(path: str, value: Any) -> dict[str, str]:
    return {"op": "replace", "path": path, "value": as_text(value)}
