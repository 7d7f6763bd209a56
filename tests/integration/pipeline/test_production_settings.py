"""What a deployment that runs for years needs, holds on the deployed stack."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

BUCKETS = ("bronze-bucket", "silver-bucket", "gold-bucket", "jars", "code-bucket")


def test_every_bucket_is_encrypted_private_and_refuses_plain_http(filled):
    s3 = filled.client("s3")
    for name in (f"project6-{each}" for each in BUCKETS):
        rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
        block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        assert set(block.values()) == {True}
        policy = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])
        assert policy["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_nobody_deletes_a_bucket_of_data(anything):
    for layer in ("bronze", "silver", "gold"):
        with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
            anything.delete_bucket(Bucket=f"project6-{layer}-bucket")


def test_what_a_proxy_took_over_plain_http_is_refused(anything):
    place = {"Bucket": "project6-gold-bucket", "Key": "_test/one"}
    anything.put_object(**place, Body=b"text")
    anything.delete_object(**place)
    anything.meta.events.register("before-sign.s3", forwarded_plainly)
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        anything.put_object(**place, Body=b"text")


def test_a_delivery_that_is_overwritten_or_deleted_can_be_had_back(filled):
    s3, place = filled.client("s3"), {"Bucket": "project6-bronze-bucket", "Key": "events/kept"}
    first = s3.put_object(**place, Body=b"first")["VersionId"]
    marker = s3.delete_object(**place)["VersionId"]
    assert s3.get_object(**place, VersionId=first)["Body"].read() == b"first"
    for version in (first, marker):
        s3.delete_object(**place, VersionId=version)
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=place["Bucket"])["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert "Expiration" not in rule


@pytest.fixture(scope="module")
def anything(filled) -> Any:
    """S3 for a role that is allowed everything there."""
    iam, name = filled.client("iam"), "may-do-anything-in-s3"
    trust = {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy(allowed))
    given = filled.client("sts").assume_role(RoleArn=made["Arn"], RoleSessionName="test")
    return boto3.client(
        "s3",
        endpoint_url=filled.url,
        region_name="us-east-1",
        aws_access_key_id=given["Credentials"]["AccessKeyId"],
        aws_secret_access_key=given["Credentials"]["SecretAccessKey"],
        aws_session_token=given["Credentials"]["SessionToken"],
    )


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def forwarded_plainly(request: Any, **_: Any) -> None:
    request.headers["X-Forwarded-Proto"] = "http"
