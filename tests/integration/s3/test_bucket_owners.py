"""The account that a caller expects to own a bucket: another's is refused, whatever the call."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

MINE, OTHER = "000000000000", "111122223333"
BUCKET = "owned"


@pytest.fixture(scope="module")
def s3(processes):
    client = processes.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="a", Body=b"body")
    return client


CALLS = {
    "get_object": {"Key": "a"},
    "head_object": {"Key": "a"},
    "put_object": {"Key": "a", "Body": b"lost"},
    "delete_object": {"Key": "a"},
    "delete_objects": {"Delete": {"Objects": [{"Key": "a"}]}},
    "copy_object": {"Key": "b", "CopySource": f"{BUCKET}/a"},
    "create_multipart_upload": {"Key": "c"},
    "list_objects_v2": {},
    "list_object_versions": {},
    "list_multipart_uploads": {},
    "get_object_tagging": {"Key": "a"},
    "get_bucket_versioning": {},
    "put_bucket_versioning": {"VersioningConfiguration": {"Status": "Enabled"}},
    "get_bucket_location": {},
    "head_bucket": {},
    "delete_bucket": {},
}


def refused(call, **parameters) -> tuple[int, str]:
    with pytest.raises(ClientError) as told:
        call(Bucket=BUCKET, **parameters)
    error = told.value.response
    return error["ResponseMetadata"]["HTTPStatusCode"], error["Error"]["Code"]


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_expects_another_owner_is_refused_and_changes_nothing(s3, name):
    status, code = refused(getattr(s3, name), **CALLS[name], ExpectedBucketOwner=OTHER)
    assert (status, code) in ((403, "AccessDenied"), (403, "403"))  # an answer to HEAD has no body
    assert s3.get_object(Bucket=BUCKET, Key="a", ExpectedBucketOwner=MINE)["Body"].read() == b"body"
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET, ExpectedBucketOwner=MINE)


def test_the_owner_of_a_copy_s_source_is_compared_too(s3):
    copy = {"Key": "b", "CopySource": f"{BUCKET}/a", "ExpectedBucketOwner": MINE}
    assert refused(s3.copy_object, **copy, ExpectedSourceBucketOwner=OTHER)[0] == 403
    assert s3.copy_object(Bucket=BUCKET, **copy, ExpectedSourceBucketOwner=MINE)["CopyObjectResult"]


@pytest.mark.parametrize("owner", ["", "me", "1234567890123"])
def test_what_is_no_account_is_refused_by_its_name(s3, owner):
    told = refused(s3.get_object, Key="a", ExpectedBucketOwner=owner)
    assert told == (400, "InvalidBucketOwnerAWSAccountID")


def test_a_bucket_that_there_is_not_is_told_as_missing(s3):
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.list_objects_v2(Bucket="owned-by-nobody", ExpectedBucketOwner=OTHER)
