"""Settings of a bucket that have an effect: lifecycle, encryption, public access."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}


@pytest.fixture(scope="module")
def s3(edge):
    client = edge.client("s3")
    client.create_bucket(Bucket="settled")
    return client


def policy(**more) -> str:
    statement = {**ANYBODY, "Resource": "arn:aws:s3:::settled/*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_rule_whose_day_has_come_ends_what_it_names_and_nothing_else(s3):
    for key in ("old/a", "old/b", "kept/a"):
        s3.put_object(Bucket="settled", Key=key, Body=b"text")
    rule = {"ID": "past", "Status": "Enabled", "Filter": {"Prefix": "old/"}}
    rule["Expiration"] = {"Date": datetime(2026, 1, 1, tzinfo=UTC)}
    s3.put_bucket_lifecycle_configuration(
        Bucket="settled", LifecycleConfiguration={"Rules": [rule]}
    )
    deadline = time.monotonic() + 30
    while s3.list_objects_v2(Bucket="settled")["KeyCount"] > 1 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [one["Key"] for one in s3.list_objects_v2(Bucket="settled")["Contents"]] == ["kept/a"]
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket="settled", Key="old/a")


def test_objects_are_encrypted_as_their_bucket_says(s3):
    assert s3.put_object(Bucket="settled", Key="k", Body=b"")["ServerSideEncryption"] == "AES256"
    assert s3.head_object(Bucket="settled", Key="k")["ServerSideEncryption"] == "AES256"
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="settled", ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert s3.put_object(Bucket="settled", Key="k", Body=b"")["ServerSideEncryption"] == "aws:kms"
    s3.delete_bucket_encryption(Bucket="settled")
    assert s3.put_object(Bucket="settled", Key="k", Body=b"")["ServerSideEncryption"] == "AES256"


def test_a_policy_for_anybody_is_refused_until_the_block_is_taken_away(s3):
    with pytest.raises(ClientError, match="BlockPublicPolicy setting in S3 Block Public") as found:
        s3.put_bucket_policy(Bucket="settled", Policy=policy())
    assert found.value.response["Error"]["Code"] == "AccessDenied"
    for narrowed in (
        {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Principal": {"AWS": "arn:aws:iam::000000000000:root"}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "000000000000"}}},
    ):
        s3.put_bucket_policy(Bucket="settled", Policy=policy(**narrowed))
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_bucket_policy(
            Bucket="settled",
            Policy=policy(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
        )
    s3.delete_public_access_block(Bucket="settled")
    s3.put_bucket_policy(Bucket="settled", Policy=policy())
    s3.delete_bucket_policy(Bucket="settled")


def test_an_acl_for_anybody_is_refused_where_those_are_blocked(s3):
    on = {"BlockPublicAcls": True, "BlockPublicPolicy": True}
    s3.put_public_access_block(Bucket="settled", PublicAccessBlockConfiguration=on)
    for call in (
        lambda: s3.put_bucket_acl(Bucket="settled", ACL="public-read"),
        lambda: s3.put_object(Bucket="settled", Key="k", Body=b"", ACL="public-read"),
        lambda: s3.put_object_acl(
            Bucket="settled",
            Key="k",
            GrantRead="uri=http://acs.amazonaws.com/groups/global/AllUsers",
        ),
    ):
        with pytest.raises(ClientError, match="BlockPublicAcls"):
            call()
    with pytest.raises(ClientError, match="InvalidBucketAclWithBlockPublicAccessError"):
        s3.create_bucket(Bucket="settled-open", ACL="public-read")
    s3.put_object(Bucket="settled", Key="k", Body=b"", ACL="private")
