"""What a Lambda function may be sent, may answer and may be configured with."""

from __future__ import annotations

import json

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.functions import new_function

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
SYNCHRONOUS_BYTES = 6 * 2**20
ASYNCHRONOUS_BYTES = 2**20
CODE = """
def handle(event, context):
    if event == "large":
        return "x" * (7 * 2**20)
    if event == "trace":
        raise ValueError("x" * 200_000)
    return event
"""
URL_CODE = """
import json
def handle(event, context):
    keys = ("version", "body", "isBase64Encoded", "cookies")
    return {
        "cookies": ["a=1; HttpOnly", "b=2"],
        "body": json.dumps([event.get(key) for key in keys]),
        "statusCode": 201,
    }
"""


@pytest.fixture(scope="module")
def name(edge):
    return new_function(edge, CODE)


@pytest.fixture(scope="module")
def functions(edge):
    return edge.client("lambda")


@pytest.mark.parametrize(
    ("invocation", "limit"),
    [("RequestResponse", SYNCHRONOUS_BYTES), ("Event", ASYNCHRONOUS_BYTES)],
)
def test_a_payload_over_the_limit_is_refused_and_one_at_the_limit_is_taken(
    functions, name, invocation, limit
):
    asked = {"FunctionName": name, "InvocationType": invocation}
    taken = functions.invoke(**asked, Payload=b'"' + b"a" * (limit - 2) + b'"')
    assert "FunctionError" not in taken
    taken["Payload"].read()  # unread, it keeps its connection open until the collector comes
    with pytest.raises(ClientError) as refused:
        functions.invoke(**asked, Payload=b'"' + b"a" * (limit - 1) + b'"')
    answer = refused.value.response
    assert answer["Error"]["Code"] == "RequestTooLargeException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert f"{limit + 1} byte payload is too large" in answer["Error"]["Message"]


@pytest.mark.parametrize("payload", [b"{x", b"NaN", b"\xff", b"{} {}", b"[" * 100_000])
def test_a_payload_that_is_not_json_is_refused(functions, name, payload):
    with pytest.raises(ClientError) as refused:
        functions.invoke(FunctionName=name, Payload=payload)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestContentException"


@pytest.mark.parametrize(("payload", "event"), [(b"", {}), (b"null", None), (b"[1]", [1])])
def test_a_payload_of_any_json_is_taken_and_none_is_an_empty_object(
    functions, name, payload, event
):
    answer = functions.invoke(FunctionName=name, Payload=payload)
    assert json.loads(answer["Payload"].read()) == event


def test_an_answer_over_the_limit_is_an_error_and_the_function_goes_on(functions, name):
    answer = functions.invoke(FunctionName=name, Payload=b'"large"')
    assert answer["FunctionError"] == "Unhandled"
    error = json.loads(answer["Payload"].read())
    assert error["errorType"] == "Function.ResponseSizeTooLarge"
    size = 7 * 2**20 + 2
    assert error["errorMessage"].startswith(f"Response payload size ({size} bytes) exceeded")
    assert functions.invoke(FunctionName=name, Payload=b"1")["Payload"].read() == b"1"


def test_an_error_with_a_long_message_reaches_the_caller_whole(functions, name):
    error = json.loads(functions.invoke(FunctionName=name, Payload=b'"trace"')["Payload"].read())
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "x" * 200_000)


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("AWS_REGION", "reserved keys .* Reserved keys used in this request: AWS_REGION"),
        ("_HANDLER", "Reserved keys used in this request: _HANDLER"),
        ("LAMBDA_TASK_ROOT", "Reserved keys used in this request: LAMBDA_TASK_ROOT"),
        ("A-B", "Member must satisfy regular expression pattern"),
        ("A", "Member must satisfy regular expression pattern"),
    ],
)
def test_reserved_and_malformed_names_of_variables_are_refused(
    edge, functions, name, variable, message
):
    variables = {"Environment": {"Variables": {variable: "1"}}}
    for change in (
        lambda: new_function(edge, CODE, **variables),
        lambda: functions.update_function_configuration(FunctionName=name, **variables),
    ):
        with pytest.raises(ClientError, match=message) as refused:
            change()
        assert refused.value.response["Error"]["Code"] == "InvalidParameterValueException"


@pytest.mark.parametrize(
    ("kind", "sent", "body", "is_base64"),
    [
        ("text/plain; charset=utf-8", "é€".encode(), "é€", False),
        ("application/json", b'{"a": 1}', '{"a": 1}', False),
        ("image/png", b"\x89PN\xff", "iVBO/w==", True),
        ("text/plain", b"\xff", "/w==", True),
    ],
)
def test_a_function_url_hands_text_on_as_text_and_carries_cookies(
    edge, url_host, kind, sent, body, is_base64
):
    headers = {"Host": url_host, "Content-Type": kind, "Cookie": "x=1; y=2"}
    answer = requests.post(edge.url, data=sent, headers=headers, timeout=30)
    assert answer.status_code == 201
    assert answer.json() == ["2.0", body, is_base64, ["x=1", "y=2"]]
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1; HttpOnly", "b=2"]


@pytest.fixture(scope="module")
def url_host(edge, functions) -> str:
    name = new_function(edge, URL_CODE)
    url = functions.create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    return url.split("/")[2]
