"""Which requests are plainly the everyday calls of S3 on objects, and what each of them asks for.

Read by botocore's model of S3, as LocalStack's parser does it (localstack/aws/protocol/parser.py),
but only what was sent. Whatever is doubtful is none of these calls, and goes the whole way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from localstack.aws.spec import load_service

Parameters = dict[str, Any]
Convert = Callable[[str], Any]

# Of an object, and ListObjectsV2 of a bucket.
OBJECT_CALLS = {
    "GET": "GetObject",
    "HEAD": "HeadObject",
    "PUT": "PutObject",
    "DELETE": "DeleteObject",
}
LISTING = "ListObjectsV2"
HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\]|edge)(:\d+)?")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# The first part of a path by which LocalStack's own routes begin, as those of queues.
ROUTED = re.compile(r"\d{12}|health|queue|restapis")
KEY = re.compile(r"(?:[A-Za-z0-9!$&'()*+,./:;=@_~-]|%[0-9A-Fa-f]{2})+")
DOUBTFUL_KEY = re.compile(r"^/|//|/$|(^|/)\.\.?(/|$)")
SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[\w-]+)/\d{8}/(?P<region>[\w-]+)/s3/aws4_request, ?"
    r"SignedHeaders=[\w;-]+, ?Signature=[0-9a-f]+"
)
METADATA = "x-amz-meta-"
# What says nothing of the call itself; other headers of AWS make a request doubtful.
NEUTRAL = frozenset(
    {
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-decoded-content-length",
        "x-amz-security-token",
        "x-amz-trailer",
        "x-amz-user-agent",
        "x-amzn-trace-id",
    }
)
DOUBTFUL = frozenset({"origin", "transfer-encoding", "x-localstack-data"})


@dataclass(frozen=True)
class Call:
    """Without its body."""

    operation: str
    parameters: Parameters
    access_key: str
    region: str


@dataclass(frozen=True)
class Members:
    """What a call takes: of each header (in lower case) and each parameter its name and kind."""

    headers: dict[str, tuple[str, Convert]]
    query: dict[str, tuple[str, Convert]]


def called(method: str, target: str, headers: Iterable[tuple[str, str]]) -> Call | None:
    """The call of a request with this target (`/bucket/key?query`) and these headers, if it is one.

    None where anything is out of the ordinary, and where a value cannot be read.
    """
    sent: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        if lower in sent or lower in DOUBTFUL:
            return None
        sent[lower] = value
    signed = SIGNED.fullmatch(sent.get("authorization", ""))
    if signed is None or not HOST.fullmatch(sent.get("host", "")):
        return None
    path, _, query = target.partition("?")
    found = _place(method, path, query)
    if found is None or not _body_fits(method, sent.get("content-length")):
        return None
    operation, parameters = found
    try:
        _read_headers(operation, sent, parameters)
        _read_query(operation, query, parameters)
    except (LookupError, TypeError, ValueError):
        return None
    return Call(operation, parameters, signed["key"], signed["region"])


def _place(method: str, path: str, query: str) -> tuple[str, Parameters] | None:
    bucket, _, key = path.removeprefix("/").partition("/")
    if not path.startswith("/") or not BUCKET.fullmatch(bucket) or ROUTED.fullmatch(bucket):
        return None
    if not key:
        is_listing = method == "GET" and "list-type=2" in query.split("&")
        return (LISTING, {"Bucket": bucket}) if is_listing else None
    if method not in OBJECT_CALLS or not KEY.fullmatch(key) or DOUBTFUL_KEY.search(key):
        return None
    return OBJECT_CALLS[method], {"Bucket": bucket, "Key": unquote(key)}


def _body_fits(method: str, length: str | None) -> bool:
    return length is not None if method == "PUT" else length in (None, "0")


def _read_headers(operation: str, sent: dict[str, str], parameters: Parameters) -> None:
    known = members(operation).headers
    metadata = {}
    for name, value in sent.items():
        if name in known:
            member, convert = known[name]
            parameters[member] = convert(value)
        elif name.startswith(METADATA) and operation == "PutObject":
            metadata[name.removeprefix(METADATA)] = value
        elif name.startswith("x-amz") and name not in NEUTRAL:
            raise ValueError(f"{name} is not of {operation}")
    if metadata:
        parameters["Metadata"] = metadata


def _read_query(operation: str, query: str, parameters: Parameters) -> None:
    if not query:
        return
    known = members(operation).query
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict")
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("Found a parameter twice")
    for name, value in pairs:
        if name in known:
            member, convert = known[name]
            parameters[member] = convert(value)
        elif (name, value) not in (("list-type", "2"), ("x-id", operation)):
            raise ValueError(f"{name} is not of {operation}")


@cache
def members(operation: str) -> Members:
    shapes = model(operation).input_shape.members
    located: dict[str, dict[str, tuple[str, Convert]]] = {"header": {}, "querystring": {}}
    for member, shape in shapes.items():
        location, convert = shape.serialization.get("location"), _conversion(shape)
        if location in located and convert is not None:
            located[location][shape.serialization["name"]] = (member, convert)
    headers = {name.lower(): known for name, known in located["header"].items()}
    return Members(headers, located["querystring"])


@cache
def model(operation: str) -> Any:
    """botocore's description of a call."""
    return load_service("s3").operation_model(operation)


def _conversion(shape: Any) -> Convert | None:
    """How a value is read; None for those whose presence makes a request doubtful."""
    if shape.type_name == "timestamp":
        is_usual = shape.serialization.get("timestampFormat", "rfc822") == "rfc822"
        return parsedate_to_datetime if is_usual else None
    kinds: dict[str, Convert] = {
        "string": str,
        "integer": _number,
        "long": _number,
        "boolean": _truth,
    }
    return kinds.get(shape.type_name)


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text):
        raise ValueError(f"Expected a number, found {text}")
    return int(text)


def _truth(text: str) -> bool:
    return {"true": True, "false": False}[text]
