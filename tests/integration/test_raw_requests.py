"""Requests that are not as AWS's models say, sent as no SDK would send them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import botocore.serialize
import botocore.session
import pytest
import requests

from services.edge.served_calls import calls

SESSION = botocore.session.get_session()
CODES = {
    "athena": "InvalidRequestException",
    "codepipeline": "ValidationException",
    "emr-serverless": "ValidationException",
    "events": "ValidationException",
    "glue": "ValidationException",
    "logs": "InvalidParameterException",
}
OPERATIONS = [
    (service.name, call.name)
    for service in calls.everything()
    if service.name in CODES
    for call in service.all_calls()
    if call.status != "refused"
]


@pytest.fixture(scope="module")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def _shape(service: str, operation: str) -> Any:
    return SESSION.get_service_model(service).operation_model(operation).input_shape


def _body_members(shape: Any) -> dict[str, Any]:
    members = shape.members.items() if shape else ()
    return {name: member for name, member in members if "location" not in member.serialization}


def _value(shape: Any) -> Any:
    """The least that the model takes."""
    kind = shape.type_name
    if kind == "structure":
        return {name: _value(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [_value(shape.member)] * max(1, shape.metadata.get("min", 1))
    text = (getattr(shape, "enum", None) or ["x" * shape.metadata.get("min", 1)])[0]
    return {"map": {}, "boolean": True, "string": text}.get(kind, shape.metadata.get("min", 1))


def _of_another_type(shape: Any) -> Any:
    return ["x"] if shape.type_name in ("string", "blob", "timestamp") else "x"


def _sent(http: requests.Session, url: str, service: str, operation: str, body: Any) -> Any:
    model = SESSION.get_service_model(service)
    protocol = model.metadata["protocol"]
    serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
    shape = model.operation_model(operation).input_shape
    in_path = {
        name: "x"
        for name, member in (shape.members.items() if shape else ())
        if member.serialization.get("location") == "uri"
    }
    request = serializer.serialize_to_request(in_path, model.operation_model(operation))
    scope = f"20260101/us-east-1/{model.signing_name}/aws4_request"
    return http.request(
        request["method"],
        f"{url}{request['url_path']}",
        data=json.dumps(body),
        headers={
            "Content-Type": "application/json",
            **request["headers"],
            "Authorization": f"AWS4-HMAC-SHA256 Credential=test/{scope}, Signature=x",
        },
        timeout=30,
    )


def _code(answer: requests.Response) -> str:
    header = answer.headers.get("x-amzn-errortype", "")
    return str(answer.json().get("__type", header)).split("#")[-1].split(":")[0]


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_a_request_that_is_not_as_the_model_says_is_the_callers_mistake(
    edge: Any, http: requests.Session, service: str, operation: str
) -> None:
    shape = _shape(service, operation)
    members = _body_members(shape)
    required = [name for name in members if name in shape.required_members]
    whole = {name: _value(members[name]) for name in required}
    wrong = [{name: value for name, value in whole.items() if name != gone} for gone in required]
    wrong += [{}] if required else []
    wrong += [
        {**whole, name: _of_another_type(member)}
        for name, member in members.items()
        if not getattr(member, "is_document_type", False)
    ]
    for body in wrong:
        answer = _sent(http, edge.url, service, operation, body)
        assert (answer.status_code, _code(answer)) == (400, CODES[service]), (body, answer.text)


@pytest.mark.parametrize("service", CODES)
def test_a_body_that_is_no_json_is_the_callers_mistake(
    edge: Any, http: requests.Session, service: str
) -> None:
    operation = next(
        name
        for known, name in OPERATIONS
        if known == service and _body_members(_shape(*(known, name)))
    )
    model = SESSION.get_service_model(service)
    target = {"X-Amz-Target": f"{model.metadata.get('targetPrefix')}.{operation}"}
    answer = http.post(
        f"{edge.url}{model.operation_model(operation).http['requestUri']}",
        data="{",
        headers={
            **(target if model.metadata["protocol"] == "json" else {}),
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"
            f"{model.signing_name}/aws4_request, Signature=x",
        },
        timeout=30,
    )
    assert (answer.status_code, _code(answer)) == (400, "SerializationException")


JSON_10 = {"Content-Type": "application/x-amz-json-1.0"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNREADABLE = {
    "stepfunctions": (
        ("POST", "/", "{", {**JSON_10, "X-Amz-Target": "AWSStepFunctions.CreateStateMachine"}),
        (400, "SerializationException"),
    ),
    "stepfunctions, a call that there is not": (
        ("POST", "/", "{}", {**JSON_10, "X-Amz-Target": "AWSStepFunctions.None"}),
        (400, "UnknownOperationException"),
    ),
    "sqs": (
        ("POST", "/", "[", {**JSON_10, "X-Amz-Target": "AmazonSQS.CreateQueue"}),
        (400, "SerializationException"),
    ),
    "lambda": (("POST", "/2015-03-31/functions", "{", {}), (400, "InvalidRequestContentException")),
    "apigateway": (("POST", "/restapis", "{", {}), (400, "SerializationException")),
    "s3": (("POST", "/unreadable?delete", "<Delete><Object>", {}), (400, "MalformedXML")),
    "s3, a number": (
        ("GET", "/unreadable?list-type=2&max-keys=many", "", {}),
        (400, "InvalidArgument"),
    ),
    "iam": (
        ("POST", "/", "Action=ListRoles&Version=2010-05-08&MaxItems=many", FORM),
        (400, "MalformedInput"),
    ),
    "cloudformation, a call that there is not": (
        ("POST", "/", "Action=None&Version=2010-05-15", FORM),
        (400, "InvalidAction"),
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_the_callers_mistake_whatever_the_service(
    edge: Any, http: requests.Session, name: str
) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html for S3's codes."""
    (method, path, body, headers), expected = UNREADABLE[name]
    service = name.partition(",")[0]
    scope = f"20260101/us-east-1/{SESSION.get_service_model(service).signing_name}/aws4_request"
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential=test/{scope}, Signature=x"}
    answer = http.request(
        method, edge.url + path, data=body, headers={**headers, **signed}, timeout=30
    )
    told = answer.text
    code = told.partition("<Code>")[2].partition("<")[0] if "<Code>" in told else _code(answer)
    assert (answer.status_code, code) == expected, told
