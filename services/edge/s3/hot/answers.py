"""The answers of S3's everyday calls, written as LocalStack's serialiser writes them.

localstack/aws/protocol/serializer.py looks at each member that an answer may have; here those that
it has are written, with the serialiser's own values of headers.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from localstack.aws.protocol.serializer import S3ResponseSerializer, create_serializer
from localstack.aws.spec import load_service
from localstack.http import Request, Response

from services.edge.s3.hot.calls import model

Answer = dict[str, Any]
# Without a body they have no type either: s3_response_handler in localstack/services/s3/utils.py.
WITHOUT_BODY = ("PutObject", "DeleteObject")


@cache
def serializer() -> S3ResponseSerializer:
    return create_serializer(load_service("s3"), "rest-xml")


def write(
    response: Response, operation: str, answer: Answer, request: Request, request_id: str
) -> None:
    """Make of `response` the answer of a call."""
    response.status_code = model(operation).http.get("responseCode", 200)
    response.headers.clear()
    _write_headers(response, operation, answer)
    if operation == "GetObject":
        response.set_response(answer["Body"])
    if operation not in WITHOUT_BODY and "Content-Type" not in response.headers:
        response.headers.add("Content-Type", serializer()._get_mime_type(request.headers))
    serializer()._prepare_additional_traits_in_response(response, model(operation), request_id)


def _write_headers(response: Response, operation: str, answer: Answer) -> None:
    shapes = model(operation).output_shape.members
    for member, value in answer.items():
        shape = shapes.get(member)
        if shape is None or value is None or "location" not in shape.serialization:
            continue
        location, name = shape.serialization["location"], shape.serialization.get("name", member)
        if location == "header":
            # The provider has written this time already: to read and write it anew takes longest.
            if member != "LastModified" or not isinstance(value, str):
                value = serializer()._serialize_header_value(shape, value)
            response.headers.add(name, value)
        elif location == "headers":
            for key, text in value.items():
                response.headers[f"{name}{key}"] = text
        else:
            response.status_code = int(value)
