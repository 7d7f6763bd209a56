"""REST APIs in front of Lambda: bytes and text, malformed answers, limits."""

from __future__ import annotations

import json

import pytest
import requests

from tests.support.functions import new_api, new_function

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
API_BYTES = 10 * 2**20
FUNCTION_BYTES = 6 * 2**20
ECHO = """
import json
def handle(event, context):
    return {"body": json.dumps([event["body"], event["isBase64Encoded"]])}
"""
PICTURE = """
def handle(event, context):
    return {"isBase64Encoded": True, "body": "iVBO/w==", "headers": {"Content-Type": "image/png"}}
"""


@pytest.fixture(scope="module")
def echo(edge):
    return new_function(edge, ECHO)


@pytest.fixture(scope="module")
def plain(edge, echo):
    return f"{edge.url}/_aws/execute-api/{new_api(edge, echo)}"


@pytest.mark.parametrize(
    ("binary", "kind", "sent", "body", "is_base64"),
    [
        (["*/*"], "image/png", b"\x89PN\xff", "iVBO/w==", True),
        (["*/*"], "application/json", b"{}", "e30=", True),
        (["*/*"], None, b"\xff", "/w==", True),
        (["image/png"], "image/png", b"\x89PN\xff", "iVBO/w==", True),
        (["image/png"], "text/plain", "é".encode(), "é", False),
        (["image/png"], "text/plain", b"\xff", "\ufffd", False),
        ([], "application/octet-stream", b"\xffa", "\ufffda", False),
    ],
)
def test_a_body_is_base64_where_the_api_says_binary_and_else_text(
    edge, echo, binary, kind, sent, body, is_base64
):
    api = new_api(edge, echo, binaryMediaTypes=binary)
    headers = {"Content-Type": kind} if kind else {}
    answer = requests.post(
        f"{edge.url}/_aws/execute-api/{api}/s/x", data=sent, headers=headers, timeout=30
    )
    assert answer.json() == [body, is_base64]


@pytest.mark.parametrize(
    ("binary", "accepted", "content"),
    [
        (["*/*"], "image/png", b"\x89PN\xff"),
        (["image/png"], "image/png,text/html", b"\x89PN\xff"),
        (["image/png"], "text/html", b"iVBO/w=="),
    ],
)
def test_a_base64_answer_becomes_bytes_where_the_client_accepts_a_binary_type(
    edge, binary, accepted, content
):
    api = new_api(edge, new_function(edge, PICTURE), binaryMediaTypes=binary)
    url = f"{edge.url}/_aws/execute-api/{api}/s/x"
    assert requests.get(url, headers={"Accept": accepted}, timeout=30).content == content


ANSWERS = """
import base64, json
def handle(event, context):
    return json.loads(event["body"])
"""


@pytest.fixture(scope="module")
def answering(edge):
    return f"{edge.url}/_aws/execute-api/{new_api(edge, new_function(edge, ANSWERS))}/s/x"


@pytest.mark.parametrize(
    "malformed",
    [
        None,
        "text",
        [],
        {"body": {"a": 1}},
        {"body": ["a"]},
        {"body": 1},
        {"statusCode": "abc"},
        {"statusCode": None},
        {"statusCode": []},
        {"statusCode": 1000},
        {"isBase64Encoded": "yes"},
        {"headers": {"a": 1}},
        {"another": 1},
    ],
)
def test_a_malformed_answer_of_a_function_is_502(answering, malformed):
    answer = requests.post(answering, data=json.dumps(malformed), timeout=30)
    assert (answer.status_code, answer.json()) == (502, {"message": "Internal server error"})


@pytest.mark.parametrize(
    ("well_formed", "status", "body"),
    [({}, 200, ""), ({"statusCode": "201", "body": "é"}, 201, "é"), ({"body": None}, 200, "")],
)
def test_a_short_answer_of_a_function_is_well_formed(answering, well_formed, status, body):
    answer = requests.post(answering, data=json.dumps(well_formed), timeout=30)
    assert (answer.status_code, answer.content.decode()) == (status, body)


@pytest.mark.parametrize("size", [FUNCTION_BYTES, API_BYTES + 1])
def test_a_body_larger_than_the_function_or_the_api_takes_is_413(plain, size):
    answer = requests.post(f"{plain}/s/x", data=b"a" * size, timeout=60)
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Too Long"})


def test_a_stage_that_does_not_exist_is_forbidden(plain):
    answer = requests.get(f"{plain}/other/x", timeout=30)
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    assert answer.headers["x-amzn-ErrorType"] == "ForbiddenException"


SLOW = """
import time
def handle(event, context):
    time.sleep(1.5)
    return {"body": "done"}
"""


@pytest.mark.parametrize(
    ("timeout_ms", "status", "body"),
    [(500, 504, '{"message": "Endpoint request timed out"}'), (20_000, 200, "done")],
)
def test_an_integration_over_its_time_limit_is_504(edge, timeout_ms, status, body):
    api = new_api(edge, new_function(edge, SLOW), timeout_ms)
    answer = requests.get(f"{edge.url}/_aws/execute-api/{api}/s/x", timeout=30)
    assert (answer.status_code, answer.text) == (status, body)
