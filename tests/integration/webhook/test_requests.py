"""What the webhook's function sees of a request, and what no request can make of it."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import requests

from tests.support.raw_http import exchange, request
from tests.support.stack import Stack
from tests.support.webhook_fuzz import outcomes

BRONZE = "project6-bronze-bucket"
FORM = b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--\r\n'
ECHO = b"import json\ndef h(e, c): return {'statusCode': 200, 'body': json.dumps(e)}"


def path(stack: Stack) -> str:
    return stack.webhook_url().removeprefix(stack.url)


@pytest.mark.parametrize(
    "sent",
    [
        ["Content-Length: 200"],
        ["Content-Length: 200", "Content-Type: multipart/form-data; boundary=x"],
        ["Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded"],
    ],
    ids=["by its length", "a form by its length", "in chunks", "a form in chunks"],
)
def test_a_cut_delivery_is_refused_and_neither_stored_nor_quarantined(webhook, sent):
    body = b'{"event": "cut", "created_at": "2026-01-16T00:00:00Z"'
    if "chunked" in sent[0]:
        body = b"%x\r\n%s" % (len(body), body)
    before = webhook.keys(BRONZE, "")
    seen = exchange(webhook.url, request("POST", path(webhook), *sent, body=body), cut=True)
    assert (seen.status, seen.is_closed) == (400, True)
    assert webhook.keys(BRONZE, "") == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": 'multipart/form-data; boundary="'},
        {"Content-Type": "multipart/mixed; boundary=x"},
        {"Content-Type": "application/cbor"},
        {"Content-Encoding": "gzip", "Content-Type": "application/json"},
        {"Content-Encoding": "aws-chunked"},
    ],
    ids=["form", "no boundary", "half a boundary", "mixed", "cbor", "gzip", "aws-chunked"],
)
@pytest.mark.parametrize("body", [FORM, b"\xff\xfe\0raw"], ids=["a form", "bytes"])
def test_a_body_reaches_the_function_as_it_was_sent(webhook, headers, body):
    answer = webhook.post(body, headers)
    assert (answer.status_code, answer.json()["message"]) == (200, "Webhook quarantined")
    kept = webhook.client("s3").get_object(Bucket=BRONZE, Key=answer.json()["s3_key"])
    assert kept["Body"].read() == body


def test_strange_deliveries_are_answered_each_and_never_with_an_error_of_the_server(webhook):
    """Ten thousand of them: `python -m tests.support.webhook_fuzz`."""
    seen = outcomes(webhook.webhook_url(), 150, seed=7)
    assert [outcome for outcome in seen if not outcome.startswith(("2", "4"))] == []
    assert len(seen["200"]) > 50


@pytest.fixture(scope="module")
def echo(edge: Stack) -> str:
    """The address of a deployed API whose function answers with its event."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("m.py", ECHO)
    edge.client("iam").create_role(RoleName="echo", AssumeRolePolicyDocument="{}")
    functions, apis = edge.client("lambda"), edge.client("apigateway")
    arn = functions.create_function(
        FunctionName="echo",
        Runtime="python3.11",
        Handler="m.h",
        Role="arn:aws:iam::000000000000:role/echo",
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]
    functions.get_waiter("function_active_v2").wait(FunctionName="echo")
    api = apis.create_rest_api(name="echo")["id"]
    root = apis.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    apis.put_method(**method, authorizationType="NONE")
    invocations = f"lambda:path/2015-03-31/functions/{arn}/invocations"
    apis.put_integration(
        **method,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:us-east-1:{invocations}",
    )
    apis.create_deployment(restApiId=api, stageName="s")
    return f"{edge.url}/_aws/execute-api/{api}/s/"


def test_the_function_sees_header_names_as_sent_and_every_value(edge, echo):
    sent = request(
        "POST",
        echo.removeprefix(edge.url),
        *("X-USERID: 7", "x-lower: a", "X-Twice: one", "X-Twice: two", "ETag-like: caf\xe9"),
        *("content-type: application/json", "Content-Length: 2", "Connection: close"),
        body=b"{}",
    )
    event = json.loads(exchange(edge.url, sent).answer.partition(b"\r\n\r\n")[2])
    names = {"X-USERID", "x-lower", "X-Twice", "content-type", "ETag-like"}
    assert names <= event["headers"].keys()
    assert event["headers"]["X-Twice"] == "two"  # the last, as API Gateway has it
    assert event["multiValueHeaders"]["X-Twice"] == ["one", "two"]
    assert event["multiValueHeaders"]["X-USERID"] == ["7"]


def test_repeated_parameters_reach_the_function_too(echo):
    event = requests.post(f"{echo}?a=1&a=2", data=b"", timeout=20).json()
    assert event["queryStringParameters"] == {"a": "2"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}
