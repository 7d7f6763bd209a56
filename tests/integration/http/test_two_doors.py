"""Deployed REST APIs have a quick way in: it answers what LocalStack's whole chain answers.

The path with `_user_request_` goes the whole way.
"""

from __future__ import annotations

import gzip
import json

import pytest
import requests

from tests.support.functions import new_api, new_function
from tests.support.raw_http import exchange, request

CODE = """
import json
KEPT = ("body", "isBase64Encoded", "httpMethod", "path", "resource", "queryStringParameters",
        "multiValueQueryStringParameters", "pathParameters")
def handle(event, context):
    told = {name: event[name] for name in KEPT}
    told["type"] = event["headers"].get("Content-Type")
    return {"statusCode": 201, "headers": {"x-own": "1"}, "body": json.dumps(told)}
"""


@pytest.fixture(scope="module")
def api(edge):
    return new_api(edge, new_function(edge, CODE))


@pytest.mark.parametrize(
    ("method", "target", "sent"),
    [
        ("POST", "/a/b?c=1&c=2&d=%20", {"json": {"a": "é"}}),
        ("POST", "/form", {"data": {"a": "1", "b": "&"}}),
        ("POST", "/files", {"files": {"f": b"\x00\x01"}}),
        (
            "PUT",
            "/gzip",
            {"data": gzip.compress(b"{}", mtime=0), "headers": {"Content-Encoding": "gzip"}},
        ),
        ("GET", "/a%2Fb/c%20d", {}),
        ("HEAD", "/a", {}),
        ("OPTIONS", "/a", {}),
        ("DELETE", "/", {}),
        ("POST", "/large", {"data": b"x" * (10 * 2**20 + 1)}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_api_answers_alike_by_both(edge, api, method, target, sent):
    prepared = requests.Request(method, "http://localhost/", **sent).prepare()
    answers = []
    for root in (f"/_aws/execute-api/{api}/s", f"/restapis/{api}/s/_user_request_"):
        answer = requests.request(
            method,
            f"{edge.url}{root}{target}",
            data=prepared.body,
            headers=dict(prepared.headers) | {"Connection": "close"},
            timeout=30,
        )
        told = {name.lower(): value for name, value in answer.headers.items()}
        for own in ("date", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"):
            told.pop(own, None)
        answers.append((answer.status_code, told, answer.content))
    assert answers[0] == answers[1]


def test_what_the_function_gets_is_what_was_sent(edge, api):
    answer = requests.post(f"{edge.url}/_aws/execute-api/{api}/s/x?y=1", data="{}", timeout=30)
    assert (answer.status_code, answer.headers["x-own"]) == (201, "1")
    told = json.loads(answer.content)
    assert (told["body"], told["path"], told["queryStringParameters"]) == ("{}", "/x", {"y": "1"})


def test_a_cut_body_reaches_no_function(edge, api):
    cut = request("POST", f"/_aws/execute-api/{api}/s/x", "Content-Length: 9", body=b"{}")
    assert exchange(edge.url, cut, cut=True).status == 400


def test_a_stage_and_an_api_that_are_not_there_are_told_as_ever(edge, api):
    statuses = [
        requests.post(f"{edge.url}/_aws/execute-api/{place}/x", timeout=30).status_code
        for place in (f"{api}/other", "none/s")
    ]
    assert statuses == [403, 404]
