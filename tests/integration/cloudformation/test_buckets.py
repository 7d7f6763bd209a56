"""A bucket's settings in a template are the bucket's settings, when it is made and when changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stacks import TestStack, bucket

SETTINGS: dict[str, Any] = {
    "VersioningConfiguration": {"Status": "Enabled"},
    "Tags": [{"Key": "team", "Value": "lake"}],
    "LifecycleConfiguration": {
        "Rules": [
            {
                "Id": "old",
                "Status": "Enabled",
                "Prefix": "raw/",
                "ExpirationInDays": 30,
                "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
                "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 10}],
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
            }
        ]
    },
    "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}
        ]
    },
    "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "RestrictPublicBuckets": True},
    "CorsConfiguration": {
        "CorsRules": [
            {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"], "MaxAge": 60}
        ]
    },
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
    "WebsiteConfiguration": {"IndexDocument": "index.html"},
}


def _settings(edge: Any, name: str) -> dict[str, Any]:
    """As S3 itself answers; None where it answers that there is no such setting."""
    s3 = edge.client("s3")

    def asked(call: Any, key: str) -> Any:
        try:
            return call(Bucket=name).get(key)
        except ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404, error
            return None

    events = s3.get_bucket_notification_configuration(Bucket=name)
    return {
        "versioning": asked(s3.get_bucket_versioning, "Status"),
        "tags": asked(s3.get_bucket_tagging, "TagSet"),
        "lifecycle": asked(s3.get_bucket_lifecycle_configuration, "Rules"),
        "events": events.get("EventBridgeConfiguration"),
        "cors": asked(s3.get_bucket_cors, "CORSRules"),
        "website": asked(s3.get_bucket_website, "IndexDocument"),
        "ownership": asked(s3.get_bucket_ownership_controls, "OwnershipControls"),
        "public": asked(s3.get_public_access_block, "PublicAccessBlockConfiguration"),
    }


def _expect_all(edge: Any, name: str) -> None:
    found = _settings(edge, name)
    rule = found.pop("lifecycle")[0]
    assert rule["ID"] == "old"
    assert rule["Filter"] == {"Prefix": "raw/"}
    assert rule["Expiration"]["Days"] == 30
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert rule["Transitions"] == [{"Days": 10, "StorageClass": "GLACIER"}]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    public = found.pop("public")
    assert (public["BlockPublicAcls"], public["RestrictPublicBuckets"]) == (True, True)
    assert found == {
        "versioning": "Enabled",
        "tags": [{"Key": "team", "Value": "lake"}],
        "events": {},
        "cors": [
            {
                "AllowedMethods": ["GET"],
                "AllowedOrigins": ["https://example.com"],
                "MaxAgeSeconds": 60,
            }
        ],
        "website": {"Suffix": "index.html"},
        "ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
    }
    encryption = edge.client("s3").get_bucket_encryption(Bucket=name)
    rule = encryption["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["BucketKeyEnabled"] is True


def test_every_setting_is_made_with_the_bucket(edge: Any) -> None:
    stack = TestStack(edge)

    assert stack.create({"Resources": {"B": bucket(stack.name, Properties=SETTINGS)}}) == (
        "CREATE_COMPLETE"
    )

    _expect_all(edge, stack.name)


@pytest.mark.parametrize("way", ["update", "change"])
def test_every_setting_is_added_and_taken_away_in_place(edge: Any, way: str) -> None:
    stack = TestStack(edge)
    apply = stack.update if way == "update" else stack.change
    bare = {"Resources": {"B": bucket(stack.name)}}
    stack.create(bare)
    plain = _settings(edge, stack.name)
    edge.client("s3").put_object(Bucket=stack.name, Key="precious", Body=b"1")

    assert apply({"Resources": {"B": bucket(stack.name, Properties=SETTINGS)}}) == (
        "UPDATE_COMPLETE"
    )
    _expect_all(edge, stack.name)
    assert apply(bare) == "UPDATE_COMPLETE"

    without = _settings(edge, stack.name)
    assert without.pop("versioning") == "Suspended"
    assert (without.pop("public"), without.pop("ownership")) == (None, None)
    assert without == {key: plain[key] for key in without}
    body = edge.client("s3").get_object(Bucket=stack.name, Key="precious")["Body"].read()
    assert body == b"1"


def test_a_bucket_of_a_property_that_is_not_served_is_refused_by_name(edge: Any) -> None:
    stack = TestStack(edge)
    metrics = {"MetricsConfigurations": [{"Id": "all"}]}

    assert stack.create({"Resources": {"B": bucket(stack.name, Properties=metrics)}}) == (
        "ROLLBACK_COMPLETE"
    )

    assert "MetricsConfigurations" in stack.reason("B", "CREATE_FAILED")
    names = {one["Name"] for one in edge.client("s3").list_buckets()["Buckets"]}
    assert stack.name not in names


def test_a_bucket_whose_settings_are_refused_is_not_left_behind(edge: Any) -> None:
    stack = TestStack(edge)
    wrong = {"VersioningConfiguration": {"Status": "Sometimes"}}

    assert stack.create({"Resources": {"B": bucket(stack.name, Properties=wrong)}}) == (
        "ROLLBACK_COMPLETE"
    )

    names = {one["Name"] for one in edge.client("s3").list_buckets()["Buckets"]}
    assert stack.name not in names


def test_the_policy_of_a_bucket_is_changed_in_place(edge: Any) -> None:
    stack = TestStack(edge)

    def template(action: str) -> dict[str, Any]:
        statement = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": action,
            "Resource": {"Fn::Sub": "${B.Arn}/*"},
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        properties = {"Bucket": {"Ref": "B"}, "PolicyDocument": document}
        policy = {"Type": "AWS::S3::BucketPolicy", "Properties": properties}
        return {"Resources": {"B": bucket(stack.name), "P": policy}}

    stack.create(template("s3:PutObject"))

    assert stack.update(template("s3:DeleteObject")) == "UPDATE_COMPLETE"

    found = json.loads(edge.client("s3").get_bucket_policy(Bucket=stack.name)["Policy"])
    assert found["Statement"][0]["Action"] == "s3:DeleteObject"
    assert found["Statement"][0]["Resource"] == f"arn:aws:s3:::{stack.name}/*"
