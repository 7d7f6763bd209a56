"""The calls of other services than S3 as actions on resources, by rules.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from localstack.services.plugins import SERVICE_PLUGINS
from moto.secretsmanager.models import secretsmanager_backends

from services.edge.permissions.actions.needs import Need, Parameters, Place

RULES = Path(__file__).with_name("rules.toml")
PARAMETER = re.compile(r"\{([^}=]+)(=[^}]*)?\}")
# How policies name a service, and a call, where botocore has another name.
PREFIXES = {"stepfunctions": "states", "apigatewayv2": "apigateway"}
ACTIONS = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("lambda", "InvokeAsync"): "InvokeFunction",
    ("lambda", "InvokeWithResponseStream"): "InvokeFunction",
    ("sns", "PublishBatch"): "Publish",
    ("sqs", "SendMessageBatch"): "SendMessage",
    ("sqs", "DeleteMessageBatch"): "DeleteMessage",
    ("sqs", "ChangeMessageVisibilityBatch"): "ChangeMessageVisibility",
}
# Services whose ARNs have no region.
GLOBAL = ("iam", "sts")


def needs(service: str, operation: str, request: Parameters, place: Place) -> Iterator[Need]:
    prefix = PREFIXES.get(service, service)
    action = f"{prefix}:{ACTIONS.get((service, operation), operation)}"
    template = rules().get((service, operation))
    if template is None:
        yield Need(action)
        return
    where = Place(place.partition, "", place.account) if service in GLOBAL else place
    for part in template.split():
        yield Need(action, where.arn(prefix, _filled(part, request, place)))


@cache
def rules() -> dict[tuple[str, str], str]:
    """Of each call with a rule its resources."""
    return {
        (service, operation): template
        for service, templates in tomllib.loads(RULES.read_text()).items()
        for template, operations in templates.items()
        for operation in operations.split()
    }


def _filled(template: str, request: Parameters, place: Place) -> str:
    """The resource; where a parameter is an ARN itself, that is it, whatever stands before."""

    def value(found: re.Match[str]) -> str:
        for name in found[1].split("|"):
            derive = DERIVED.get(name)
            text = derive(request, place) if derive else _parameter(request, name)
            if text:
                return text
        return (found[2] or "=*").removeprefix("=")

    for found in PARAMETER.finditer(template):
        if (text := value(found)).startswith("arn:"):
            return text
    return PARAMETER.sub(value, template)


def _parameter(request: Parameters, path: str) -> str | None:
    found: Any = request
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) and found else None


def _function(request: Parameters, _place: Place) -> str:
    """A function may be named by its ARN, by a part of it, and with a version at the end."""
    name = str(request.get("FunctionName") or "*")
    if not name.startswith("arn:"):
        name = f"function:{name.rpartition('function:')[2]}"
    version = request.get("Qualifier")
    return f"{name}:{version}" if version and not name.endswith(f":{version}") else name


def _queue(request: Parameters, place: Place) -> str:
    """The account is in the address: https://sqs.<region>.amazonaws.com/<account>/<name>."""
    *_, account, name = ["", "", *str(request.get("QueueUrl") or "").split("/")]
    owner = account if account.isdecimal() else place.account
    return Place(place.partition, place.region, owner).arn("sqs", name)


def _ssm_name(request: Parameters, _place: Place) -> str:
    return str(request.get("Name") or request.get("Path") or "").removeprefix("/")


def _secret(request: Parameters, place: Place) -> str:
    """A secret's ARN ends in six characters, which its name does not tell."""
    name = str(request.get("SecretId") or request.get("Name") or "*")
    known = secretsmanager_backends[place.account][place.region].secrets.get(name)
    return str(known.arn) if known is not None else f"secret:{name}"


def _workgroup(request: Parameters, place: Place) -> str:
    """Of the query that is asked for."""
    provider = SERVICE_PLUGINS.require("athena")._provider
    name = provider.workgroup_of(place.account, place.region, request.get("QueryExecutionId"))
    return str(name or "*")


Derive = Callable[[Parameters, Place], str]
DERIVED: dict[str, Derive] = {
    "_function": _function,
    "_parameter": _ssm_name,
    "_queue": _queue,
    "_secret": _secret,
    "_workgroup": _workgroup,
}
