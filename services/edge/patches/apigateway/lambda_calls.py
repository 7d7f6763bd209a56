"""A REST API asks its Lambda function in memory; LocalStack sends the edge an HTTP request for it.

That request took a second thread for as long as the function ran, and a third of a delivery's time.
Replaces RestApiAwsProxyIntegration.call_lambda
(localstack/services/apigateway/next_gen/execute_api/integrations/aws.py).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.api import RequestContext, ServiceException
from localstack.aws.api.lambda_ import InvocationType
from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.http import Request
from localstack.services.apigateway.next_gen.execute_api.integrations.aws import (
    RestApiAwsProxyIntegration,
)
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.aws.arns import parse_arn
from localstack.utils.bootstrap import is_api_enabled
from localstack.utils.patch import Patch
from localstack.utils.strings import to_bytes
from localstack.utils.xray.trace_header import TraceHeader

from services.edge.permissions.actions.needs import Need
from services.edge.permissions.gate import gate

Call = Callable[..., bytes]
INVOKE = "Invoke"
PRINCIPAL = "apigateway.amazonaws.com"


def apply() -> None:
    integration = RestApiAwsProxyIntegration
    in_memory = staticmethod(_in_memory(integration.call_lambda))
    Patch(integration, "call_lambda", in_memory).apply()


def _in_memory(by_request: Call) -> Call:
    def call(
        function_arn: str, event: bytes, source_arn: str, credentials: str | None = None
    ) -> bytes:
        """The function's answer; raises ClientError as a client of Lambda does."""
        if credentials or not is_api_enabled("lambda"):  # a role is assumed first
            return by_request(function_arn, event, source_arn, credentials)
        try:
            _check_permission(function_arn, source_arn)
            return _answer(function_arn, event)
        except ServiceException as error:
            told: Any = {"Error": {"Code": error.code, "Message": str(error)}}
            raise ClientError(told, INVOKE) from error

    return call


def _check_permission(function_arn: str, source_arn: str) -> None:
    """As a request to Lambda is judged; raises its AccessDeniedException."""
    if (judged := gate()) is not None:
        need = Need("lambda:InvokeFunction", function_arn)
        judged.judge.require_of_service(PRINCIPAL, need, load_service("lambda"), source_arn)


def _answer(function_arn: str, event: bytes) -> bytes:
    request = {
        "FunctionName": function_arn,
        "InvocationType": InvocationType.RequestResponse,
        "Payload": io.BytesIO(event),
    }
    skeleton: Skeleton = SERVICE_PLUGINS.require("lambda").skeleton
    context = _context(function_arn)
    context.service, context.operation = skeleton.service, skeleton.service.operation_model(INVOKE)
    answer = skeleton.dispatch_table[INVOKE](context, request)
    payload: bytes = to_bytes(answer.get("Payload") or b"")
    return payload


def _context(function_arn: str) -> RequestContext:
    context = RequestContext(Request(method="POST"))
    place = parse_arn(function_arn)
    context.account_id, context.region = place["account"], place["region"]
    context.trace_context["aws_trace_header"] = TraceHeader().ensure_root_exists()
    return context
