"""Which requests the quick door of S3 takes for its own, and what it reads in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.edge.s3.hot.calls import Call, called
from tests.support.s3_requests import SIGNATURE, SIGNED, THE_WHOLE_WAY


def sent(method: str, target: str, **headers: str) -> Call | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return called(method, target, {"Host": "localhost:4566", **SIGNED, **named}.items())


@pytest.mark.parametrize(
    ("method", "target", "operation", "parameters"),
    [
        ("GET", "/lake/a/b.json", "GetObject", {"Bucket": "lake", "Key": "a/b.json"}),
        ("HEAD", "/lake/a", "HeadObject", {"Bucket": "lake", "Key": "a"}),
        ("DELETE", "/lake/a", "DeleteObject", {"Bucket": "lake", "Key": "a"}),
        (
            "GET",
            "/lake/event_date%3D2026-01-16/%C3%A9+%20.json",
            "GetObject",
            {"Bucket": "lake", "Key": "event_date=2026-01-16/é+ .json"},
        ),
        (
            "GET",
            "/lake/a?versionId=null&partNumber=2&x-id=GetObject",
            "GetObject",
            {"Bucket": "lake", "Key": "a", "VersionId": "null", "PartNumber": 2},
        ),
        (
            "GET",
            "/lake?list-type=2&prefix=a%2Fb&max-keys=7&fetch-owner=true",
            "ListObjectsV2",
            {"Bucket": "lake", "Prefix": "a/b", "MaxKeys": 7, "FetchOwner": True},
        ),
        ("GET", "/lake/?list-type=2", "ListObjectsV2", {"Bucket": "lake"}),
    ],
)
def test_an_everyday_request_is_known_with_its_parameters(method, target, operation, parameters):
    assert sent(method, target) == Call(operation, parameters, "test", "us-east-1")


def test_headers_become_parameters_by_their_kind():
    call = sent(
        "PUT",
        "/lake/a",
        Content_Length="3",
        If_None_Match="*",
        Content_MD5="kAFQmDzST7DWlj99KOF/cg==",
        x_amz_checksum_crc32="NSRBwg==",
        x_amz_server_side_encryption_bucket_key_enabled="true",
        x_amz_meta_Owner="Ada",
    )
    assert call is not None
    assert call.parameters == {
        "Bucket": "lake",
        "Key": "a",
        "ContentLength": 3,
        "IfNoneMatch": "*",
        "ContentMD5": "kAFQmDzST7DWlj99KOF/cg==",
        "ChecksumCRC32": "NSRBwg==",
        "BucketKeyEnabled": True,
        "Metadata": {"owner": "Ada"},
    }


def test_a_time_is_read_as_the_header_has_it():
    call = sent("GET", "/lake/a", If_Modified_Since="Fri, 16 Jan 2026 10:15:00 GMT")
    assert call is not None
    assert call.parameters["IfModifiedSince"] == datetime(2026, 1, 16, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/lake/a", THE_WHOLE_WAY),
        ("GET", "/lake/a", {"Origin": "http://localhost:4566"}),
        ("GET", "/lake/a", {"Host": "lake.s3.localhost.localstack.cloud:4566"}),
        ("GET", "/lake/a", {"Authorization": SIGNATURE.replace("/s3/", "/sqs/")}),
        ("GET", "/lake/a", {"Authorization": "AWS test:c2lnbmF0dXJl"}),
        ("GET", "/lake/a", {"If-Modified-Since": "yesterday"}),
        ("GET", "/lake/a", {"Content-Length": "3"}),
        ("PUT", "/lake/a", {}),
        ("PUT", "/lake/a", {"Transfer-Encoding": "chunked"}),
        ("PUT", "/lake/a", {"Content-Length": "0", "x-amz-copy-source": "lake/b"}),
        ("PUT", "/lake/a?uploadId=1&partNumber=1", {"Content-Length": "3"}),
        ("POST", "/lake/a", {"Content-Length": "0"}),
        ("GET", "/lake/a?acl", {}),
        ("GET", "/lake/a?versionId=1&versionId=2", {}),
        ("GET", "/lake/a?partNumber=-1", {}),
        ("GET", "/lake/a?X-Amz-Signature=0", {}),
        ("GET", "/lake/a//b", {}),
        ("GET", "/lake/a/../b", {}),
        ("GET", "/lake/a/", {}),
        ("GET", "/lake/%zz", {}),
        ("GET", "/lake", {}),
        ("GET", "/000000000000/queue", {}),
        ("GET", "/_localstack/health", {}),
        ("GET", "http://localhost/lake/a", {}),
    ],
)
def test_whatever_is_doubtful_goes_the_whole_way(method, target, headers):
    assert called(method, target, {"Host": "localhost", **SIGNED, **headers}.items()) is None


def test_a_header_sent_twice_goes_the_whole_way():
    headers = [("Host", "localhost"), *SIGNED.items(), ("Range", "bytes=0-1"), ("range", "x")]
    assert called("GET", "/lake/a", headers) is None
