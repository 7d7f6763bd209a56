"""Refuses, before any provider sees it, each call that this stack does not serve."""

from __future__ import annotations

from typing import Any

from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.bootstrap import is_api_enabled

from services.edge.aws.errors import AwsError
from services.edge.served_calls import calls

CODE, STATUS = "NotImplemented", 501  # 501: SDKs try 500, 502, 503 and 504 again, but not this


def refuse_unserved(_chain: Any, context: Any, _response: Any) -> None:
    """A handler of LocalStack's chain, after the request is parsed."""
    if context.service is None or context.operation is None:
        return
    service, operation = context.service.service_name, context.operation.name
    if not is_served(service, operation):
        raise not_implemented(service, operation)
    if member := refused_member(service, operation, context.service_request or {}):
        raise not_implemented(service, f"{operation} with {member}")


def is_served(service: str, operation: str) -> bool:
    listed = calls.of_localstack().get(service)
    if listed is not None:
        return operation in listed.calls
    if service not in calls.own_services() or not is_api_enabled(service):
        return False
    return operation in SERVICE_PLUGINS.require(service).skeleton.dispatch_table


def refused_member(service: str, operation: str, request: Any) -> str | None:
    """The first member given that would have no effect."""
    listed = calls.of_localstack().get(service)
    named = (name.partition(".") for name in listed.members) if listed else ()
    return next((name for of, _, name in named if of == operation and request.get(name)), None)


def not_implemented(service: str, operation: str) -> AwsError:
    message = f"{service}.{operation} is not implemented by this stack; see docs/parity.md"
    return AwsError(CODE, message, status_code=STATUS)
