"""S3's limits that LocalStack 4.9.2 lets pass: what would fail on AWS fails here, alike.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and the page of each call.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.aws.api.s3 import (
    EntityTooLarge,
    InvalidArgument,
    InvalidBucketName,
    InvalidPartOrder,
    KeyTooLongError,
)
from localstack.services.s3.exceptions import InvalidRequest, MalformedXML

from services.edge.patches.s3 import aws_chunked
from services.edge.s3 import header_values, public_access

UPLOAD_BYTES = 5 * 2**30
METADATA_BYTES = 2 * 2**10
KEY_BYTES = 1024
DELETED_KEYS = 1000
PARTS = 10_000
LISTED = 1000
GREATEST_INT = 2**31 - 1
OBJECT_TAGS, BUCKET_TAGS = 10, 50
CORS_RULES, LIFECYCLE_RULES = 100, 1000
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_NAME = re.compile(
    r"(?!xn--|sthree-|amzn-s3-demo-|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
)
RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
# How many a listing may be asked for: the parameter, and AWS's name of it in errors.
LISTINGS = {
    "ListObjects": ("MaxKeys", "maxKeys"),
    "ListObjectsV2": ("MaxKeys", "maxKeys"),
    "ListObjectVersions": ("MaxKeys", "maxKeys"),
    "ListParts": ("MaxParts", "max-parts"),
    "ListMultipartUploads": ("MaxUploads", "max-uploads"),
}
Call = dict[str, Any]


class TooLargeError(CommonServiceException):
    """A limit whose error has no shape in S3's model."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, status_code=400)


def before_call(_chain: Any, context: Any, _response: Any) -> None:
    """Raise S3's error where a call exceeds a limit; a handler of LocalStack's chain."""
    if context.operation is None or context.service.service_name != "s3":
        return
    call: Call = context.service_request
    name = context.operation.name
    _check_key(call)
    _check_metadata(call)
    if name in ("GetObject", "HeadObject"):
        header_values.check(call, header_values.OVERRIDES)
    elif name in ("PutObject", "CopyObject", "CreateMultipartUpload"):
        header_values.check_stored(call)
    if name in ("PutObject", "UploadPart"):
        _check_upload(context.request.headers)
    if name in LISTINGS:
        _check_listing(call, *LISTINGS[name])
    if check := CHECKS.get(name):
        check(call)


def _check_key(call: Call) -> None:
    size = len(call.get("Key", "").encode())
    if size > KEY_BYTES:
        raise KeyTooLongError("Your key is too long", MaxSizeAllowed=str(KEY_BYTES), Size=str(size))


def _check_metadata(call: Call) -> None:
    metadata = call.get("Metadata") or {}
    if sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items()) > (
        METADATA_BYTES
    ):
        raise TooLargeError(
            "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size"
        )


def _check_upload(headers: Any) -> None:
    aws_chunked.check(headers)
    told = headers.get("x-amz-decoded-content-length") or headers.get("content-length") or "0"
    if int(told) > UPLOAD_BYTES:
        raise EntityTooLarge(
            "Your proposed upload exceeds the maximum allowed size",
            ProposedSize=int(told),
            MaxSizeAllowed=UPLOAD_BYTES,
        )


def _check_listing(call: Call, parameter: str, argument: str) -> None:
    """More than a page are asked for in vain: S3 answers with a page of them."""
    asked = call.get(parameter)
    if asked is None:
        return
    if not 0 <= asked <= GREATEST_INT:
        raise InvalidArgument(
            f"Argument {argument} must be an integer between 0 and {GREATEST_INT}",
            ArgumentName=argument,
            ArgumentValue=str(asked),
        )
    call[parameter] = min(asked, LISTED)


def _check_new_bucket(call: Call) -> None:
    public_access.check_new_bucket(call)
    name = call["Bucket"]
    if not BUCKET_NAME.fullmatch(name) or ".." in name or name.endswith(RESERVED_ENDS):
        raise InvalidBucketName("The specified bucket is not valid.", BucketName=name)


def _check_deletions(call: Call) -> None:
    if not 1 <= len(call["Delete"].get("Objects") or []) <= DELETED_KEYS:
        raise MalformedXML()


def _check_parts(call: Call) -> None:
    parts = (call.get("MultipartUpload") or {}).get("Parts") or []
    if len(parts) > PARTS:
        raise MalformedXML()
    if len({part.get("PartNumber") for part in parts}) < len(parts):
        raise InvalidPartOrder(
            "The list of parts was not in ascending order. Parts must be ordered by part number.",
            UploadId=call["UploadId"],
        )


def _check_object_tags(call: Call) -> None:
    if len(call["Tagging"].get("TagSet") or []) > OBJECT_TAGS:
        raise _too_many_object_tags()


def _check_new_object(call: Call) -> None:
    public_access.check_acl(call)
    if len([tag for tag in (call.get("Tagging") or "").split("&") if tag]) > OBJECT_TAGS:
        raise _too_many_object_tags()


def _check_bucket_tags(call: Call) -> None:
    if len(call["Tagging"].get("TagSet") or []) > BUCKET_TAGS:
        raise TooLargeError("BadRequest", f"Bucket tag count cannot be greater than {BUCKET_TAGS}")


def _check_cors(call: Call) -> None:
    if len(call["CORSConfiguration"].get("CORSRules") or []) > CORS_RULES:
        raise InvalidRequest(
            f"The number of CORS rules should not exceed allowed limit of {CORS_RULES} rules."
        )


def _check_lifecycle(call: Call) -> None:
    rules = (call.get("LifecycleConfiguration") or {}).get("Rules") or []
    if len(rules) > LIFECYCLE_RULES:
        raise InvalidRequest(
            "The number of lifecycle rules must not exceed the allowed limit of"
            f" {LIFECYCLE_RULES} rules"
        )


def _too_many_object_tags() -> TooLargeError:
    return TooLargeError("BadRequest", f"Object tags cannot be greater than {OBJECT_TAGS}")


CHECKS: dict[str, Callable[[Call], None]] = {
    "CreateBucket": _check_new_bucket,
    "DeleteObjects": _check_deletions,
    "CompleteMultipartUpload": _check_parts,
    "PutObjectTagging": _check_object_tags,
    "PutObject": _check_new_object,
    "CopyObject": _check_new_object,
    "CreateMultipartUpload": _check_new_object,
    "PutBucketAcl": public_access.check_acl,
    "PutBucketPolicy": public_access.check_policy,
    "PutObjectAcl": public_access.check_acl,
    "PutBucketTagging": _check_bucket_tags,
    "PutBucketCors": _check_cors,
    "PutBucketLifecycleConfiguration": _check_lifecycle,
}


def apply() -> None:
    from localstack.aws import handlers

    handlers.serve_custom_service_request_handlers.append(before_call)
