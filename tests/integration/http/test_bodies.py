"""Bodies that end before they should: refused, and nothing of them is stored or acted on."""

from __future__ import annotations

import gzip
import json
import socket

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.raw_http import exchange, request
from tests.support.stack import Stack

OLD = b"the old object, all of it"
STREAMED = (
    "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "Content-Encoding: aws-chunked",
)
SIGNED = (
    "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request,"
    " SignedHeaders=host, Signature=0",
    "x-amz-date: 20260101T000000Z",
)
CHUNKED = "Transfer-Encoding: chunked"

CUT = {
    "by its length": request("PUT", "/bodies/key", "Content-Length: 100", body=b"half"),
    "with nothing sent": request("PUT", "/bodies/key", "Content-Length: 100"),
    "one byte short": request("PUT", "/bodies/key", "Content-Length: 5", body=b"half"),
    "in a chunk": request("PUT", "/bodies/key", CHUNKED, body=b"64\r\nhalf"),
    "between two chunks": request("PUT", "/bodies/key", CHUNKED, body=b"4\r\nhalf\r\n"),
    "before the end of a chunk": request("PUT", "/bodies/key", CHUNKED, body=b"4\r\nhalf"),
    "before the empty line": request("PUT", "/bodies/key", CHUNKED, body=b"4\r\nhalf\r\n0\r\n"),
    "in the trailer": request("PUT", "/bodies/key", CHUNKED, body=b"4\r\nhalf\r\n0\r\nX: "),
    "in the size of a chunk": request("PUT", "/bodies/key", CHUNKED, body=b"4"),
}
ENCODED = {
    "in a chunk": b"b\r\nhello",
    "between two chunks": b"5\r\nhello\r\n",
    "before the end of a chunk": b"5\r\nhello",
    "in the size of a chunk": b"5\r\nhello\r\n6",
    "with fewer bytes than announced": b"5\r\nhello\r\n0\r\n\r\n",
    "with more bytes than announced": b"c\r\nhello world!\r\n0\r\n\r\n",
    "with nothing": b"",
}
MALFORMED = {
    "a negative size": b"-5\r\nhello\r\n0\r\n\r\n",
    "a size with a sign": b"+5\r\nhello\r\n0\r\n\r\n",
    "a size in words": b"five\r\nhello\r\n0\r\n\r\n",
    "a size with 0x": b"0x5\r\nhello\r\n0\r\n\r\n",
    "a size with _": b"1_0\r\n" + b"h" * 16 + b"\r\n0\r\n\r\n",
    "an empty size": b"\r\nhello\r\n0\r\n\r\n",
    "a size of 30 digits": b"f" * 30 + b"\r\nhello\r\n0\r\n\r\n",
    "more bytes than its size": b"3\r\nhello\r\n0\r\n\r\n",
    "a bare LF after the size": b"5\nhello\r\n0\r\n\r\n",
}


@pytest.fixture(scope="module")
def stored(edge: Stack) -> Stack:
    s3 = edge.client("s3")
    s3.create_bucket(Bucket="bodies")
    s3.put_object(Bucket="bodies", Key="key", Body=OLD)
    return edge


def is_unchanged(stack: Stack) -> bool:
    found = stack.client("s3").get_object(Bucket="bodies", Key="key")
    return found["Body"].read() == OLD and stack.keys("bodies", "") == ["key"]


@pytest.mark.parametrize("sent", CUT.values(), ids=CUT.keys())
def test_a_cut_object_is_incomplete_and_the_old_one_stays(stored, sent):
    seen = exchange(stored.url, sent, cut=True)
    assert (seen.status, seen.is_closed) == (400, True)
    assert b"<Code>IncompleteBody</Code>" in seen.answer
    assert is_unchanged(stored)


def test_an_object_whose_client_is_gone_is_not_stored(stored):
    address = stored.url.removeprefix("http://").split(":")
    connection = socket.create_connection((address[0], int(address[1])))
    connection.sendall(
        request("PUT", "/bodies/key", "Content-Length: 9000000", body=b"x" * 8000000)
    )
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()  # a reset, not an orderly end
    assert exchange(stored.url, CUT["by its length"], cut=True).status == 400
    assert is_unchanged(stored)


@pytest.mark.parametrize("body", ENCODED.values(), ids=ENCODED.keys())
def test_a_cut_object_in_aws_chunks_is_incomplete(stored, body):
    headers = (
        *STREAMED,
        *SIGNED,
        "x-amz-decoded-content-length: 11",
        f"Content-Length: {len(body)}",
    )
    seen = exchange(stored.url, request("PUT", "/bodies/key", *headers, body=body), cut=True)
    assert (seen.status, b"<Code>IncompleteBody</Code>" in seen.answer) == (400, True)
    assert is_unchanged(stored)


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("coding", ["chunked", "aws-chunked"])
def test_malformed_chunks_are_refused_at_once(stored, coding, body):
    headers = [CHUNKED]
    if coding == "aws-chunked":  # whole as a body of HTTP, so that the connection could go on
        headers = [*STREAMED, *SIGNED, "x-amz-decoded-content-length: 5", "Connection: close"]
        headers.append(f"Content-Length: {len(body)}")
    seen = exchange(stored.url, request("PUT", "/bodies/key", *headers, body=body))
    assert (seen.status, seen.is_closed, seen.answer.count(b"HTTP/1.1 ")) == (400, True, 1)
    assert is_unchanged(stored)


@pytest.mark.parametrize(
    ("declared", "trailer", "status"),
    [
        ("x-amz-checksum-crc32", b"x-amz-checksum-crc32:NhCmhg==\r\n", 200),
        ("x-amz-checksum-crc32", b"", 400),
        ("x-amz-checksum-sha256", b"x-amz-checksum-crc32:NhCmhg==\r\n", 400),
        ("", b"x-amz-checksum-crc32:NhCmhg==\r\n", 400),
        ("x-amz-checksum-crc32", b"x-amz-checksum-crc32 NhCmhg==\r\n", 400),
    ],
)
@pytest.mark.parametrize("path", ["/bodies/trailed", "/bodies/parts?partNumber=1&uploadId="])
def test_a_declared_checksum_that_does_not_follow_the_body_is_refused(
    stored, path, declared, trailer, status
):
    s3 = stored.client("s3")
    upload = {"Bucket": "bodies", "Key": "parts"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, ChecksumAlgorithm="CRC32")["UploadId"]
    if path.endswith("="):
        path += upload["UploadId"]
    body = b"5\r\nhello\r\n0\r\n" + trailer + b"\r\n"
    headers = [*STREAMED, *SIGNED, "x-amz-decoded-content-length: 5", "Connection: close"]
    headers += [f"Content-Length: {len(body)}"]
    headers += [f"x-amz-trailer: {declared}"] if declared else []
    seen = exchange(stored.url, request("PUT", path, *headers, body=body))
    assert seen.status == status
    if status == 400:
        # A part whose checksum is of another kind than its upload's is refused for that first.
        told = (b"MalformedTrailerError", b"Checksum Type mismatch")
        assert any(one in seen.answer for one in told)
        assert "Contents" not in s3.list_objects_v2(Bucket="bodies", Prefix="trailed")
        assert "Parts" not in s3.list_parts(**upload)
    s3.delete_object(Bucket="bodies", Key="trailed")
    s3.abort_multipart_upload(**upload)


@pytest.mark.parametrize("length", ["", "-1", "many", "1e3"])
def test_aws_chunks_without_a_length_that_is_a_number_are_refused(stored, length):
    body = b"5\r\nhello\r\n0\r\n\r\n"
    headers = (*STREAMED, *SIGNED, f"x-amz-decoded-content-length: {length}")
    sent = request("PUT", "/bodies/key", *headers, f"Content-Length: {len(body)}", body=body)
    assert exchange(stored.url, sent, cut=True).status in (400, 411)
    assert is_unchanged(stored)


def test_a_cut_part_is_incomplete_and_the_old_part_stays(stored):
    s3 = stored.client("s3")
    upload = {"Bucket": "bodies", "Key": "parts"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    first = s3.upload_part(**upload, PartNumber=1, Body=b"the old part")
    path = f"/bodies/parts?partNumber=1&uploadId={upload['UploadId']}"
    for sent in (
        request("PUT", path, "Content-Length: 100", body=b"half"),
        request("PUT", path, CHUNKED, body=b"64\r\nhalf"),
    ):
        seen = exchange(stored.url, sent, cut=True)
        assert (seen.status, b"IncompleteBody" in seen.answer) == (400, True)
    parts = [{"PartNumber": 1, "ETag": first["ETag"]}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    found = s3.get_object(Bucket="bodies", Key="parts")["Body"].read()
    s3.delete_object(Bucket="bodies", Key="parts")
    assert found == b"the old part"


def test_a_cut_list_of_deletions_deletes_nothing(stored):
    body = b"<Delete><Object><Key>key</Key></Object></Delete>"
    sent = request("POST", "/bodies?delete", f"Content-Length: {len(body) + 1}", body=body)
    seen = exchange(stored.url, sent, cut=True)
    assert (seen.status, b"IncompleteBody" in seen.answer) == (400, True)
    assert is_unchanged(stored)


@pytest.mark.parametrize(
    "headers",
    [["Content-Length: 1000"], [CHUNKED]],
    ids=["by its length", "in chunks"],
)
def test_a_cut_call_of_another_service_does_nothing(edge, headers):
    body = b'{"logGroupName": "/cut"}'
    if headers == [CHUNKED]:
        body = b"%x\r\n%s\r\n" % (len(body), body)
    target = (
        "X-Amz-Target: Logs_20140328.CreateLogGroup",
        "Content-Type: application/x-amz-json-1.1",
    )
    signed = SIGNED[0].replace("s3", "logs"), SIGNED[1]
    seen = exchange(edge.url, request("POST", "/", *headers, *target, *signed, body=body), cut=True)
    assert seen.status == 400
    groups = edge.client("logs").describe_log_groups(logGroupNamePrefix="/cut")
    assert groups["logGroups"] == []


def test_a_compressed_call_is_read_and_a_broken_one_refused(edge):
    call = gzip.compress(json.dumps({"logGroupName": "/packed"}).encode())
    headers = {
        "X-Amz-Target": "Logs_20140328.CreateLogGroup",
        "Content-Type": "application/x-amz-json-1.1",
        "Content-Encoding": "gzip",
        "Authorization": SIGNED[0].partition(": ")[2].replace("s3", "logs"),
    }
    for broken in (call[:-9], b"not gzip", call[:12] + b"\xff" * 20):
        assert requests.post(edge.url, data=broken, headers=headers, timeout=10).status_code == 400
    assert requests.post(edge.url, data=call, headers=headers, timeout=10).status_code == 200
    edge.client("logs").delete_log_group(logGroupName="/packed")


def test_an_answer_before_the_body_is_read_reaches_the_client(edge):
    """It comes though 20 MB are on the way, and to a client that sends them without a break."""
    with pytest.raises(ClientError, match="NoSuchBucket"):
        edge.client("s3").put_object(Bucket="no-such-bucket", Key="k", Body=b"x" * 20_000_000)
