"""S3's everyday calls have a quick way in: it answers what LocalStack's whole chain answers.

Each request is sent twice, the second time with a header that no call of S3 has and that takes it
the whole way. tests/unit/test_s3_hot_calls.py shows that only the first goes the quick one.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.s3_requests import SIGNED, THE_WHOLE_WAY

BODY = b'{"event": "invitee.created"}'
ETAG = hashlib.md5(BODY).hexdigest()
KEY_OF_THE_CLIENT = {
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-server-side-encryption-customer-key": base64.b64encode(b"k" * 32).decode(),
    "x-amz-server-side-encryption-customer-key-MD5": base64.b64encode(
        hashlib.md5(b"k" * 32).digest()
    ).decode(),
}
# What differs from one answer to the next whatever the door.
OF_ITS_OWN = ("date", "x-amz-request-id", "last-modified")


@pytest.fixture(scope="module")
def bucket(edge):
    s3, name = edge.client("s3"), f"doors-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="a/plain.json", Body=BODY, ContentType="application/json")
    s3.put_object(
        Bucket=name,
        Key="a/full",
        Body=BODY,
        CacheControl="max-age=5",
        ContentLanguage="de",
        Metadata={"owner": "ada"},
        Tagging="a=1&b=2",
        ChecksumAlgorithm="SHA256",
        ServerSideEncryption="AES256",
        StorageClass="STANDARD_IA",
        WebsiteRedirectLocation="/elsewhere",
    )
    s3.put_object(Bucket=name, Key="event_date=2026-01-16/é +&<.json", Body=b"")
    s3.put_object(
        Bucket=name, Key="locked", Body=BODY, SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32
    )
    return name


@pytest.fixture(scope="module")
def versioned(edge):
    s3, name = edge.client("s3"), f"versions-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=name, Key="a", Body=b"first")["VersionId"]
    s3.put_object(Bucket=name, Key="a", Body=b"second")
    marker = s3.delete_object(Bucket=name, Key="gone")["VersionId"]
    return name, first, marker


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("a/plain.json", {}),
        ("a/full", {}),
        ("a/full", {"x-amz-checksum-mode": "ENABLED"}),
        ("event_date%3D2026-01-16/%C3%A9%20%2B%26%3C.json", {}),
        ("a/plain.json", {"Range": "bytes=2-5"}),
        ("a/plain.json", {"Range": "bytes=-4", "x-amz-checksum-mode": "ENABLED"}),
        ("a/plain.json", {"Range": "bytes=900-"}),
        ("a/plain.json", {"If-Match": f'"{ETAG}"'}),
        ("a/plain.json", {"If-Match": '"0"'}),
        ("a/plain.json", {"If-None-Match": f'"{ETAG}"'}),
        ("a/plain.json", {"If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"}),
        ("a/plain.json", {"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}),
        ("a/plain.json", {"If-Unmodified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}),
        ("a/plain.json?response-content-type=text%2Fcsv&response-cache-control=no-store", {}),
        ("a/plain.json?response-expires=Thu%2C%2001%20Jan%202099%2000%3A00%3A00%20GMT", {}),
        ("a/plain.json?partNumber=1", {}),
        ("a/plain.json?versionId=none-such", {}),
        ("a/plain.json", {"Accept": "text/xml", "x-amz-expected-bucket-owner": "000000000000"}),
        ("a/plain.json", {"Sec-Fetch-Site": "cross-site"}),
        ("locked", {}),
        ("locked", KEY_OF_THE_CLIENT),
        ("none", {}),
        ("none", {"Accept": "text/xml"}),
        ("k" * 1025, {}),
    ],
)
def test_reading_an_object(edge, bucket, method, target, headers):
    assert_alike(edge, method, f"/{bucket}/{target}", headers)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_versions(edge, versioned, method):
    name, first, marker = versioned
    for target in ("a", f"a?versionId={first}", "a?versionId=none", "gone"):
        assert_alike(edge, method, f"/{name}/{target}")
    assert_alike(edge, method, f"/{name}/gone?versionId={marker}")


def test_no_line_break_of_a_parameter_begins_another_header(edge, bucket):
    target = f"/{bucket}/a/plain.json?response-content-type=a%0D%0AX-Added:%20b"
    for headers in ({}, THE_WHOLE_WAY):
        status, told, _ = sent(edge, "GET", target, headers)
        assert (status, "x-added" in told) == (400, False)


def test_a_bucket_that_is_not_there(edge):
    for method, target in (("GET", "a"), ("HEAD", "a"), ("DELETE", "a"), ("GET", "?list-type=2")):
        assert_alike(edge, method, f"/no-such-bucket/{target}")
    assert_alike(edge, "PUT", "/no-such-bucket/a", body=BODY)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "&prefix=a%2F&encoding-type=url",
        "&delimiter=%2F&encoding-type=url",
        "&delimiter=%2F&fetch-owner=true",
        "&max-keys=1",
        "&max-keys=0",
        "&max-keys=-1",
        "&max-keys=5000",
        "&start-after=a%2Ffull",
        "&continuation-token=YS9mdWxs",
        "&continuation-token=",
        "&prefix=none",
    ],
)
def test_listing(edge, bucket, query):
    assert_alike(edge, "GET", f"/{bucket}?list-type=2{query}")
    assert_alike(edge, "GET", f"/{bucket}/?list-type=2{query}", {"Accept": "text/xml"})


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/json"}, BODY),
        ({}, b""),
        (
            {"x-amz-meta-Owner": "Ada", "Content-Encoding": "gzip", "Cache-Control": "no-store"},
            BODY,
        ),
        ({"Content-MD5": base64.b64encode(hashlib.md5(BODY).digest()).decode()}, BODY),
        ({"Content-MD5": base64.b64encode(hashlib.md5(b"").digest()).decode()}, BODY),
        ({"Content-MD5": "none"}, BODY),
        ({"x-amz-sdk-checksum-algorithm": "CRC32", "x-amz-checksum-crc32": "AAAAAA=="}, BODY),
        ({"x-amz-sdk-checksum-algorithm": "SHA1"}, BODY),
        ({"x-amz-server-side-encryption": "AES256", "x-amz-storage-class": "GLACIER"}, BODY),
        ({"x-amz-server-side-encryption": "aws:kms"}, BODY),
        ({"x-amz-storage-class": "NONE"}, BODY),
        ({"x-amz-tagging": "a=1&b=2", "x-amz-acl": "authenticated-read"}, BODY),
        ({"x-amz-tagging": "&".join(f"t{n}=1" for n in range(11))}, BODY),
        ({"If-None-Match": '"0"'}, BODY),
        ({f"x-amz-meta-{n}": "v" * 1000 for n in range(3)}, BODY),
        (KEY_OF_THE_CLIENT, BODY),
        (
            {
                "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "Content-Encoding": "aws-chunked",
                "x-amz-trailer": "x-amz-checksum-crc32",
                "x-amz-decoded-content-length": "3",
            },
            b"3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n",
        ),
        (
            {
                "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "Content-Encoding": "aws-chunked",
                "x-amz-decoded-content-length": "30",
            },
            b"3\r\nabc\r\n0\r\n\r\n",
        ),
    ],
)
def test_writing_an_object(edge, bucket, headers, body):
    """What was written is read by one door for both."""
    names = [f"/{bucket}/written/{uuid.uuid4().hex}" for _ in range(2)]
    assert_alike(edge, "PUT", names[0], headers, body, second=names[1])
    first, second = (sent(edge, "GET", name, {"x-amz-checksum-mode": "ENABLED"}) for name in names)
    assert first[0] == second[0]
    assert first == second or first[0] == 404  # which names the key


def test_writing_where_something_is(edge, bucket):
    for headers in ({"If-None-Match": "*"}, {"If-Match": '"0"'}, {"If-Match": f'"{ETAG}"'}):
        assert_alike(edge, "PUT", f"/{bucket}/a/plain.json", headers, BODY)
    assert_alike(edge, "PUT", f"/{bucket}/none", {"If-Match": '"0"'}, BODY)


def test_writing_and_deleting_versions(edge, versioned):
    name, *_ = versioned
    own = {"x-amz-version-id"}
    assert_alike(edge, "PUT", f"/{name}/b", body=BODY, own=own)
    assert_alike(edge, "DELETE", f"/{name}/b", own=own)
    assert_alike(edge, "DELETE", f"/{name}/b?versionId=none")


def test_deleting_an_object(edge, bucket):
    s3 = edge.client("s3")
    for key in ("gone-1", "gone-2"):
        s3.put_object(Bucket=bucket, Key=key, Body=BODY)
    assert_alike(edge, "DELETE", f"/{bucket}/gone-1", second=f"/{bucket}/gone-2")
    assert_alike(edge, "DELETE", f"/{bucket}/never-there")
    assert_alike(edge, "DELETE", f"/{bucket}/a/plain.json", {"If-Match": '"0"'})
    assert edge.keys(bucket, "gone-") == []


def test_a_presigned_request_is_checked_as_ever(edge, bucket):
    s3 = edge.client("s3")
    asked = {"Bucket": bucket, "Key": "a/plain.json"}
    target = urlsplit(s3.generate_presigned_url("get_object", Params=asked))
    right = sent(edge, "GET", f"{target.path}?{target.query}", signed=False)
    wrong = sent(edge, "GET", f"{target.path}?{target.query}0", signed=False)
    assert (right[0], right[2], wrong[0]) == (200, BODY, 403)


def test_the_account_and_region_of_the_signature_are_the_callers(edge, bucket):
    for key, region in (("123456789012", "us-east-1"), ("test", "eu-west-1"), ("test", "nowhere")):
        signature = SIGNED["Authorization"].replace("=test/", f"={key}/")
        headers = {"Authorization": signature.replace("us-east-1", region)}
        assert_alike(edge, "GET", f"/{bucket}/a/plain.json", headers)


def assert_alike(
    edge: Any,
    method: str,
    target: str,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    second: str | None = None,
    own: frozenset[str] | set[str] = frozenset(),
) -> None:
    """Both doors answer the same; `second` is the target of the second where the first changes."""
    quick = sent(edge, method, target, headers, body)
    whole = sent(edge, method, second or target, {**(headers or {}), **THE_WHOLE_WAY}, body)
    for answer in (quick, whole):
        assert own <= answer[1].keys()
        for name in own:
            del answer[1][name]
    assert quick == whole


def sent(
    edge: Any,
    method: str,
    target: str,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    signed: bool = True,
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer, without what each has of its own."""
    address = urlsplit(edge.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    content = body if method == "PUT" else None
    connection.request(method, target, content, {**(SIGNED if signed else {}), **(headers or {})})
    answer = connection.getresponse()
    told = {name.lower(): value for name, value in answer.getheaders()}
    text = answer.read().replace(told.get("x-amz-request-id", "none").encode(), b"")
    connection.close()
    for name in (second for second in OF_ITS_OWN if second in told):
        del told[name]
    return answer.status, told, text
