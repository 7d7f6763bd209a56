"""Requests of Glue that lack what they must have, sent as no SDK would send them."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import requests

MODEL = botocore.session.get_session().get_service_model("glue")
SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/glue/aws4_request, Signature=x"


def _value(shape: Any) -> Any:
    """The least that the model takes."""
    kind = shape.type_name
    if kind == "structure":
        return {name: _value(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [_value(shape.member)]
    simple = {"map": {}, "boolean": True, "string": (getattr(shape, "enum", None) or ["x"])[0]}
    return simple.get(kind, 1)


def _halves(operation: str) -> list[dict[str, Any]]:
    shape = MODEL.operation_model(operation).input_shape
    if shape is None or not shape.required_members:
        return [{}]
    whole = _value(shape)
    return [{}, *({k: v for k, v in whole.items() if k != gone} for gone in whole)]


def test_a_request_that_lacks_something_is_the_callers_mistake(edge: Any) -> None:
    """A call that is not served says so, which is another test's matter."""
    wrong, refused = [], 0
    session = requests.Session()
    for operation in MODEL.operation_names:
        needed = MODEL.operation_model(operation).input_shape.required_members
        for request in _halves(operation):
            headers = {
                "X-Amz-Target": f"AWSGlue.{operation}",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": SIGNED,
            }
            answer = session.post(edge.url, data=json.dumps(request), headers=headers, timeout=30)
            if answer.status_code == 501:
                break
            refused += answer.status_code == 400
            if answer.status_code >= 500 or (needed and answer.status_code != 400):
                wrong.append((operation, request, answer.status_code, answer.text[:200]))
    session.close()
    assert wrong == []
    assert refused > 100
