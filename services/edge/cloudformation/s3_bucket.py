"""AWS::S3::Bucket: made only where there is none, changed in place, deleted only when empty.

LocalStack 4.9.2 (localstack/services/s3/resource_providers/aws_s3_bucket.py) adopts a bucket that
exists, deletes one with its objects, drops half of the settings, and changes none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from botocore.exceptions import ClientError
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)
from localstack.services.s3.resource_providers.aws_s3_bucket import S3BucketProvider

from services.edge.cloudformation import s3_settings as shapes
from services.edge.cloudformation.refusals import RefusedError, refuse_unserved

Model = dict[str, Any]
Put = Callable[[Any, str, Any], Any]
Drop = Callable[[Any, str], Any]


@dataclass(frozen=True)
class Setting:
    """How a property is set on a bucket, and how it is taken away again."""

    put: Put
    drop: Drop


# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
SETTINGS = {
    "OwnershipControls": Setting(
        lambda s3, name, given: s3.put_bucket_ownership_controls(
            Bucket=name, OwnershipControls={"Rules": given["Rules"]}
        ),
        lambda s3, name: s3.delete_bucket_ownership_controls(Bucket=name),
    ),
    "PublicAccessBlockConfiguration": Setting(
        lambda s3, name, given: s3.put_public_access_block(
            Bucket=name, PublicAccessBlockConfiguration=given
        ),
        lambda s3, name: s3.delete_public_access_block(Bucket=name),
    ),
    "AccessControl": Setting(
        lambda s3, name, given: s3.put_bucket_acl(Bucket=name, ACL=shapes.acl(given)),
        lambda s3, name: s3.put_bucket_acl(Bucket=name, ACL="private"),
    ),
    "VersioningConfiguration": Setting(
        lambda s3, name, given: s3.put_bucket_versioning(
            Bucket=name, VersioningConfiguration=given
        ),
        lambda s3, name: s3.put_bucket_versioning(
            Bucket=name, VersioningConfiguration={"Status": "Suspended"}
        ),
    ),
    "BucketEncryption": Setting(
        lambda s3, name, given: s3.put_bucket_encryption(
            Bucket=name, ServerSideEncryptionConfiguration=shapes.encryption(given)
        ),
        lambda s3, name: s3.delete_bucket_encryption(Bucket=name),
    ),
    "CorsConfiguration": Setting(
        lambda s3, name, given: s3.put_bucket_cors(
            Bucket=name, CORSConfiguration=shapes.cors(given)
        ),
        lambda s3, name: s3.delete_bucket_cors(Bucket=name),
    ),
    "LifecycleConfiguration": Setting(
        lambda s3, name, given: s3.put_bucket_lifecycle_configuration(
            Bucket=name, LifecycleConfiguration=shapes.lifecycle(given)
        ),
        lambda s3, name: s3.delete_bucket_lifecycle(Bucket=name),
    ),
    "NotificationConfiguration": Setting(
        lambda s3, name, given: s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration=shapes.notifications(given)
        ),
        lambda s3, name: s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={}
        ),
    ),
    "ObjectLockConfiguration": Setting(
        lambda s3, name, given: s3.put_object_lock_configuration(
            Bucket=name, ObjectLockConfiguration=given
        ),
        lambda s3, name: s3.put_object_lock_configuration(
            Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
        ),
    ),
    "Tags": Setting(
        lambda s3, name, given: s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": given}),
        lambda s3, name: s3.delete_bucket_tagging(Bucket=name),
    ),
    "WebsiteConfiguration": Setting(
        lambda s3, name, given: s3.put_bucket_website(
            Bucket=name, WebsiteConfiguration=shapes.website(given)
        ),
        lambda s3, name: s3.delete_bucket_website(Bucket=name),
    ),
}
AT_CREATION = ("BucketName", "ObjectLockEnabled")
READ_ONLY = ("Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL")


def create(self: S3BucketProvider, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    s3, model = request.aws_client_factory.s3, dict(request.desired_state)
    _refuse_unserved(request.resource_type, model)
    if not model.get("BucketName"):
        model["BucketName"] = provider_utils.generate_default_name(
            request.stack_name, request.logical_resource_id
        ).lower()
    name = model["BucketName"]
    if _exists(s3, name):
        raise RefusedError(f"{name} already exists")
    s3.create_bucket(**_creation(model, request.region_name))
    try:
        _apply(s3, name, {}, model)
    except Exception:
        s3.delete_bucket(Bucket=name)  # the stack does not know of it
        raise
    self._setup_post_creation_attributes(model, request.region_name)  # type: ignore[no-untyped-call]
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def update(_: S3BucketProvider, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    before: Model = request.previous_state or {}
    model = {**request.desired_state, "BucketName": before["BucketName"]}
    _refuse_unserved(request.resource_type, model)
    _apply(request.aws_client_factory.s3, model["BucketName"], before, model)
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def delete(_: S3BucketProvider, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    name = request.desired_state["BucketName"]
    try:
        request.aws_client_factory.s3.delete_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketNotEmpty":
            raise
        raise RefusedError(
            f"The bucket you tried to delete is not empty (Service: S3, Status Code: 409): {name}"
        ) from error
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model={})


def _apply(s3: Any, name: str, before: Model, after: Model) -> None:
    for key, setting in SETTINGS.items():
        if before.get(key) == after.get(key):
            continue
        if after.get(key):
            setting.put(s3, name, after[key])
        else:
            setting.drop(s3, name)


def _creation(model: Model, region: str) -> Model:
    asked: Model = {"Bucket": model["BucketName"]}
    if model.get("ObjectLockEnabled"):
        asked["ObjectLockEnabledForBucket"] = True
    if model.get("OwnershipControls"):
        asked["ObjectOwnership"] = model["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
    if region != "us-east-1":
        asked["CreateBucketConfiguration"] = {"LocationConstraint": region}
    return asked


def _exists(s3: Any, name: str) -> bool:
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] != 404)
    return True


def _refuse_unserved(kind: str, model: Model) -> None:
    known = SETTINGS.keys() | set(AT_CREATION) | set(READ_ONLY)
    refuse_unserved(kind, model, sorted(model.keys() - known))
