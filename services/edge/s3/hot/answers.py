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
from werkzeug.datastructures import Headers

from services.edge.s3.hot.calls import model

Answer = dict[str, Any]
# Without a body they have no type either: s3_response_handler in localstack/services/s3/utils.py.
WITHOUT_BODY = ("PutObject", "DeleteObject")


@cache
def serializer() -> S3ResponseSerializer:
    return create_serializer(load_service("s3"), "rest-xml")


class Written(Headers):  # type: ignore[misc]
    """werkzeug's, without what it does for others than texts and names in any spelling."""

    def put(self, name: str, value: Any) -> None:
        text = str(value)
        if "\n" in text or "\r" in text:
            raise ValueError("Header values must not contain newline characters.")
        self._list.append((name, text))


def write(
    response: Response, operation: str, answer: Answer, request: Request, request_id: str
) -> None:
    """Make of `response` the answer of a call."""
    response.status_code = model(operation).http.get("responseCode", 200)
    headers = Written()
    _write_headers(response, headers, operation, answer)
    if operation not in WITHOUT_BODY and "ContentType" not in answer:
        headers.put("Content-Type", serializer()._get_mime_type(request.headers))
    for name in of_each_answer():
        headers.put(name, of_each_answer()[name] or request_id)
    response.headers = headers
    if operation == "GetObject":
        response.set_response(answer["Body"])


def _write_headers(response: Response, headers: Written, operation: str, answer: Answer) -> None:
    shapes = located(operation)
    for member, value in answer.items():
        if value is None or member not in shapes:
            continue
        shape, location, name = shapes[member]
        if location == "header":
            # The provider has written this time already: to read and write it anew takes longest.
            if not isinstance(value, str):
                value = serializer()._serialize_header_value(shape, value)
            headers.put(name, value)
        elif location == "headers":
            for key, text in value.items():
                headers.put(f"{name}{key}", text)
        else:
            response.status_code = int(value)


@cache
def of_each_answer() -> dict[str, str]:
    """What the serialiser adds whatever the call; nothing where the request's id is to be."""
    told = serializer()._prepare_additional_traits_in_response(Response(), model("HeadObject"), "")
    return {name: told.headers[name] for name in ("x-amz-request-id", "x-amz-id-2")}


@cache
def located(operation: str) -> dict[str, tuple[Any, str, str]]:
    """Of each member of an answer that is not in its body: shape, location, name there."""
    return {
        member: (shape, shape.serialization["location"], shape.serialization.get("name", member))
        for member, shape in model(operation).output_shape.members.items()
        if "location" in shape.serialization
    }
