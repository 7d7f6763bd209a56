"""What is too much, too long or misnamed for S3 is refused with the code that AWS has for it."""

from __future__ import annotations

import io

import pytest
from botocore.exceptions import ClientError

from tests.support.raw_http import exchange, request
from tests.support.stack import Stack

BUCKET = "limits"
SMALL, WHOLE = b"x", b"x" * (5 * 2**20)


@pytest.fixture(scope="module")
def s3(edge: Stack):
    client = edge.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="k", Body=b"v")
    return client


def code(call, **parameters) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return refused.value.response["Error"]["Code"]


def tags(count: int) -> dict:
    return {"TagSet": [{"Key": f"k{number}", "Value": "v"} for number in range(count)]}


def test_a_thousand_keys_are_deleted_at_once_and_one_more_is_refused(s3):
    keys = [{"Key": f"z{number}"} for number in range(1001)]
    assert code(s3.delete_objects, Bucket=BUCKET, Delete={"Objects": keys}) == "MalformedXML"
    answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": keys[:1000]})
    assert len(answer["Deleted"]) == 1000


def test_no_key_to_delete_is_malformed(s3):
    assert code(s3.delete_objects, Bucket=BUCKET, Delete={"Objects": []}) == "MalformedXML"


def test_xml_that_is_none_is_malformed(edge, s3):
    sent = request("POST", f"/{BUCKET}?delete", "Content-Length: 7", body=b"<Delete")
    seen = exchange(edge.url, sent, cut=True)
    assert (seen.status, b"<Code>MalformedXML</Code>" in seen.answer) == (400, True)


def test_an_object_has_ten_tags_and_a_bucket_fifty(s3):
    s3.put_object_tagging(Bucket=BUCKET, Key="k", Tagging=tags(10))
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging=tags(50))
    known = {"Bucket": BUCKET, "Key": "k"}
    header = "&".join(f"k{number}=v" for number in range(11))
    upload = {**known, "Tagging": header}
    copy = {**upload, "CopySource": f"{BUCKET}/k", "TaggingDirective": "REPLACE"}
    assert code(s3.put_object_tagging, **known, Tagging=tags(11)) == "BadRequest"
    assert code(s3.put_object, **upload, Body=b"") == "BadRequest"
    assert code(s3.copy_object, **copy) == "BadRequest"
    assert code(s3.create_multipart_upload, **upload) == "BadRequest"
    assert code(s3.put_bucket_tagging, Bucket=BUCKET, Tagging=tags(51)) == "BadRequest"


def test_a_key_has_at_most_1024_bytes(s3):
    s3.put_object(Bucket=BUCKET, Key="é" * 512, Body=b"")
    long = {"Bucket": BUCKET, "Key": "é" * 512 + "x"}
    assert code(s3.put_object, **long, Body=b"") == "KeyTooLongError"
    assert code(s3.create_multipart_upload, **long) == "KeyTooLongError"
    assert code(s3.copy_object, **long, CopySource=f"{BUCKET}/k") == "KeyTooLongError"
    assert code(s3.get_object, **long) == "KeyTooLongError"


def test_metadata_has_at_most_2_kilobytes(s3):
    known = {"Bucket": BUCKET, "Key": "m"}
    s3.put_object(**known, Body=b"", Metadata={"name": "v" * 2044})
    more = {"name": "v" * 2000, "other": "v" * 44}
    assert code(s3.put_object, **known, Body=b"", Metadata=more) == "MetadataTooLarge"
    assert code(s3.create_multipart_upload, **known, Metadata=more) == "MetadataTooLarge"
    copy = {**known, "CopySource": f"{BUCKET}/k", "MetadataDirective": "REPLACE"}
    assert code(s3.copy_object, **copy, Metadata=more) == "MetadataTooLarge"


def test_an_upload_has_at_most_5_gigabytes_and_more_is_refused_before_it_comes(edge, s3):
    length = f"Content-Length: {5 * 2**30 + 1}"
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="large")["UploadId"]
    for path in (f"/{BUCKET}/large", f"/{BUCKET}/large?partNumber=1&uploadId={upload}"):
        seen = exchange(edge.url, request("PUT", path, length))
        assert (seen.status, seen.is_closed) == (400, True)
        assert b"<Code>EntityTooLarge</Code>" in seen.answer


@pytest.mark.parametrize("number", [0, 10_001])
def test_a_part_has_a_number_from_1_to_10000(s3, number):
    known = {"Bucket": BUCKET, "Key": "parts"}
    upload = s3.create_multipart_upload(**known)["UploadId"]
    part = {**known, "UploadId": upload, "PartNumber": number}
    assert code(s3.upload_part, **part, Body=b"") == "InvalidArgument"
    assert code(s3.upload_part_copy, **part, CopySource=f"{BUCKET}/k") == "InvalidArgument"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([1, 2, 3], "EntityTooSmall"), ([3, 1], "InvalidPartOrder"), ([1, 1], "InvalidPartOrder"),
     ([3, 4], "InvalidPart")],
    ids=["small", "order", "twice", "unknown"],
)  # fmt: skip
def test_an_upload_is_completed_of_its_parts_in_their_order(s3, numbers, expected):
    """Parts 1 and 2 are too small to be followed by another, 3 is not."""
    known = {"Bucket": BUCKET, "Key": "ordered"}
    known["UploadId"] = s3.create_multipart_upload(**known)["UploadId"]
    bodies = {1: SMALL, 2: SMALL, 3: WHOLE}
    etags = {
        number: s3.upload_part(**known, PartNumber=number, Body=io.BytesIO(body))["ETag"]
        for number, body in bodies.items()
    }
    parts = [{"PartNumber": number, "ETag": etags.get(number, '"0"')} for number in numbers]
    refused = code(s3.complete_multipart_upload, **known, MultipartUpload={"Parts": parts})
    assert refused == expected
    assert len(s3.list_parts(**known)["Parts"]) == 3
    s3.abort_multipart_upload(**known)


def test_a_listing_has_at_most_a_thousand_entries_however_many_are_asked_for(s3):
    assert s3.list_objects_v2(Bucket=BUCKET, MaxKeys=5000)["MaxKeys"] == 1000
    assert s3.list_objects(Bucket=BUCKET, MaxKeys=5000)["MaxKeys"] == 1000
    assert s3.list_object_versions(Bucket=BUCKET, MaxKeys=5000)["MaxKeys"] == 1000
    assert s3.list_multipart_uploads(Bucket=BUCKET, MaxUploads=5000)["MaxUploads"] == 1000
    for call in (s3.list_objects_v2, s3.list_objects, s3.list_object_versions):
        assert code(call, Bucket=BUCKET, MaxKeys=-1) == "InvalidArgument"


def test_a_listing_of_none_is_empty(s3):
    answer = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=0)
    assert (answer["KeyCount"], answer["IsTruncated"], answer.get("Contents")) == (0, False, None)


@pytest.mark.parametrize(
    "name",
    ["ab", "a" * 64, "Upper", "under_score", "two..dots", "-begins", "ends-", "ends.", ".begins",
     "192.168.5.4", "xn--name", "sthree-name", "amzn-s3-demo-name", "name-s3alias", "name--ol-s3",
     "name.mrap", "name--x-s3", "name--table-s3"],
)  # fmt: skip
def test_a_bucket_has_a_name_by_the_rules(edge, name):
    seen = exchange(edge.url, request("PUT", f"/{name}", "Content-Length: 0", "Connection: close"))
    assert (seen.status, b"<Code>InvalidBucketName</Code>" in seen.answer) == (400, True)


def test_cors_and_lifecycle_have_limited_numbers_of_rules(s3):
    cors = [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}] * 101
    refused = code(s3.put_bucket_cors, Bucket=BUCKET, CORSConfiguration={"CORSRules": cors})
    assert refused in ("InvalidRequest", "MalformedXML")
    rules = [
        {
            "ID": f"{n}",
            "Status": "Enabled",
            "Filter": {"Prefix": f"{n}/"},
            "Expiration": {"Days": 1},
        }
        for n in range(1001)
    ]
    configuration = {"LifecycleConfiguration": {"Rules": rules}}
    refused = code(s3.put_bucket_lifecycle_configuration, Bucket=BUCKET, **configuration)
    assert refused in ("InvalidRequest", "MalformedXML")
