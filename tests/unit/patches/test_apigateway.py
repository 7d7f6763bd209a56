"""LocalStack's API Gateway still has the faults that this project mends."""

from __future__ import annotations

import inspect
import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    IntegrationFailureError,
)
from localstack.services.apigateway.next_gen.execute_api.handlers import integration
from localstack.services.apigateway.next_gen.execute_api.integrations import aws
from localstack.services.apigateway.next_gen.execute_api.router import ApiGatewayEndpoint
from werkzeug.datastructures import Headers

LAMBDA = "arn:aws:apigateway:us-east-1:lambda:path"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"


def proxied(body: bytes) -> Any:
    """A POST's context, as far as a Lambda proxy integration looks at it."""
    paths = {"path": "/", "query_string_parameters": {}, "multi_value_query_string_parameters": {}}
    return SimpleNamespace(
        invocation_request={**paths, "path_parameters": {}, "http_method": "POST"},
        integration_request={
            "http_method": "POST",
            "uri": f"{LAMBDA}/2015-03-31/functions/{FUNCTION}/invocations",
            "headers": Headers([("X-Sent", "first"), ("X-Sent", "last")]),
            "body": body,
        },
        integration={},
        base_path=None,
        context_variables={},
        stage_variables={},
        resource={"path": "/"},
    )


@pytest.mark.mended_by("apigateway.gateway")
def test_an_api_without_such_a_stage_is_told_as_missing():
    assert ApiGatewayEndpoint.create_not_found_response("there").status_code == 404


@pytest.mark.mended_by("apigateway.gateway")
def test_no_step_refuses_a_large_body():
    for step in RestApiGateway().request_handlers:
        assert "RequestTooLarge" not in inspect.getsource(inspect.getmodule(type(step)))


@pytest.mark.mended_by("apigateway.integration_timeout")
def test_the_time_out_of_an_integration_is_passed_over(monkeypatch):
    slow = SimpleNamespace(invoke=lambda _: time.sleep(0.05) or {"status_code": 200})
    monkeypatch.setitem(integration.REST_API_INTEGRATIONS, "SLOW", slow)
    context: Any = SimpleNamespace(integration={"type": "SLOW", "timeoutInMillis": 10})

    integration.IntegrationHandler()(None, context, None)

    assert context.endpoint_response == {"status_code": 200}


@pytest.mark.mended_by("apigateway.lambda_calls")
def test_a_function_is_asked_by_a_request_to_the_edge_itself(monkeypatch):
    class AskedError(Exception):
        pass

    def factory(**_: Any) -> Any:
        raise AskedError

    monkeypatch.setattr(aws, "get_service_factory", factory)
    with pytest.raises(AskedError):
        aws.RestApiAwsProxyIntegration.call_lambda(FUNCTION, b"{}", "arn")


@pytest.mark.mended_by("apigateway.lambda_proxy")
def test_bytes_are_sent_in_base64_whatever_the_api_says_and_the_first_of_two_headers():
    event = aws.RestApiAwsProxyIntegration().create_lambda_input_event(proxied(b"\xff"))

    assert event["isBase64Encoded"]
    assert event["headers"]["X-Sent"] == "first"


@pytest.mark.mended_by("apigateway.lambda_proxy")
def test_an_event_that_is_too_large_for_lambda_is_no_413(monkeypatch):
    own = aws.RestApiAwsProxyIntegration()
    refused: Any = {"Error": {"Code": "RequestTooLargeException", "Message": ""}}

    def call(**_: Any) -> bytes:
        raise ClientError(refused, "Invoke")

    monkeypatch.setattr(own, "call_lambda", call)
    monkeypatch.setattr(aws, "get_source_arn", lambda _: "arn")
    with pytest.raises(IntegrationFailureError) as told:
        own.invoke(proxied(b""))
    assert told.value.status_code == 502


@pytest.mark.mended_by("apigateway.lambda_proxy")
@pytest.mark.parametrize("answer", [{"body": {"a": 1}}, {"statusCode": 9}, {"isBase64Encoded": 1}])
def test_a_malformed_answer_is_let_through(answer):
    payload = json.dumps(answer).encode()
    assert aws.RestApiAwsProxyIntegration().parse_lambda_response(payload) == answer


@pytest.mark.mended_by("apigateway.media_types")
def test_a_binary_media_type_for_all_matches_none():
    assert not aws.mime_type_matches_binary_media_types("text/plain", ["*/*"])


@pytest.mark.mended_by("apigateway.throttling")
def test_no_step_of_a_request_looks_at_its_stage_s_throttling():
    folder = Path(inspect.getfile(RestApiGateway)).parent / "handlers"
    assert not [path for path in folder.glob("*.py") if "throttl" in path.read_text().lower()]


@pytest.mark.mended_by("apigateway.request_metrics")
def test_no_step_of_an_answer_counts_for_cloudwatch():
    folder = Path(inspect.getfile(RestApiGateway)).parent
    sources = [path.read_text().lower() for path in folder.rglob("*.py")]
    assert not [source for source in sources if "put_metric" in source]
