"""The answers of S3's everyday calls, written as LocalStack's serialiser writes them.

localstack/aws/protocol/serializer.py looks at each member that an answer may have; here those that
it has are written, with the serialiser's own values of headers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from localstack.aws.protocol.serializer import S3ResponseSerializer, create_serializer
from localstack.aws.spec import load_service
from localstack.http import Request, Response

from services.edge.s3.hot.calls import LISTING, model

Answer = dict[str, Any]
Shape = Any  # of botocore: what it has depends on its kind
Write = Callable[[Any, list[str]], None]
# Without a body they have no type either: s3_response_handler in localstack/services/s3/utils.py.
WITHOUT_BODY = ("PutObject", "DeleteObject")
START = (
    "<?xml version='1.0' encoding='utf-8'?>\n"
    f'<ListBucketResult xmlns="{S3ResponseSerializer.XML_NAMESPACE}">'
)
END = "</ListBucketResult>\n"


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
    if operation == LISTING:
        response.set_response(listing(answer))
    elif operation == "GetObject":
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
            response.headers.add(name, serializer()._serialize_header_value(shape, value))
        elif location == "headers":
            for key, text in value.items():
                response.headers[f"{name}{key}"] = text
        else:
            response.status_code = int(value)


def listing(answer: Answer) -> bytes:
    """The document of a ListObjectsV2, byte for byte as ElementTree writes it."""
    parts = [START]
    in_order = {member: answer[member] for member in _listing_members() if member in answer}
    _listing_writer()(in_order, parts)
    return "".join([*parts[:1], *parts[2:-1], END]).encode()


@cache
def _listing_members() -> tuple[str, ...]:
    return tuple(model(LISTING).output_shape.members)


@cache
def _listing_writer() -> Write:
    return _writer(model(LISTING).output_shape, "ListBucketResult")


def _writer(shape: Shape, name: str) -> Write:
    """What appends an element, or those of a list, to the parts of a document."""
    if shape.type_name == "structure":
        return _structure_writer(shape, name)
    if shape.type_name == "list":  # all of them in S3's listing are flattened
        one = _writer(shape.member, shape.member.serialization.get("name", name))

        def write_all(values: list[Any], parts: list[str]) -> None:
            for value in values:
                one(value, parts)

        return write_all
    text_of = _text_of(shape)

    def write_text(value: Any, parts: list[str]) -> None:
        text = text_of(value)
        parts.append(f"<{name}>{escape(text)}</{name}>" if text else f"<{name} />")

    return write_text


def _structure_writer(shape: Shape, name: str) -> Write:
    members = {
        member: _writer(part, part.serialization.get("name", member))
        for member, part in shape.members.items()
        if "location" not in part.serialization
    }

    def write_structure(values: Answer, parts: list[str]) -> None:
        parts.append(f"<{name}>")
        for member, value in values.items():
            if value is not None and member in members:
                members[member](value, parts)
        parts.append(f"</{name}>")

    return write_structure


def _text_of(shape: Shape) -> Callable[[Any], str]:
    if shape.type_name == "boolean":
        return lambda value: "true" if value else "false"
    if shape.type_name == "timestamp":
        return lambda value: str(serializer()._convert_timestamp_to_str(value))
    return str
