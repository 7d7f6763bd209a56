"""S3's calls as the actions of its policies.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from services.edge.permissions.actions.needs import Known, Need, Parameters, key

# Calls on an object, with the name of their action where it is another; {V} is Version where one
# version is asked for.
OBJECT = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteObject": "DeleteObject{V}",
    "DeleteObjectTagging": "DeleteObject{V}Tagging",
    "GetObject": "GetObject{V}",
    "GetObjectAcl": "GetObject{V}Acl",
    "GetObjectAttributes": "GetObject{V}Attributes",
    "GetObjectLegalHold": "GetObjectLegalHold",
    "GetObjectRetention": "GetObjectRetention",
    "GetObjectTagging": "GetObject{V}Tagging",
    "HeadObject": "GetObject{V}",
    "ListParts": "ListMultipartUploadParts",
    "PostObject": "PutObject",
    "PutObject": "PutObject",
    "PutObjectAcl": "PutObject{V}Acl",
    "PutObjectLegalHold": "PutObjectLegalHold",
    "PutObjectRetention": "PutObjectRetention",
    "PutObjectTagging": "PutObject{V}Tagging",
    "RestoreObject": "RestoreObject",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
}
# Calls on a bucket whose action has another name. Else it has the call's own.
BUCKET = {
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
WRITING = ("CreateMultipartUpload", "PutObject", "CopyObject")
ACLS = ("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP")


def needs(operation: str, request: Parameters, partition: str) -> Iterator[Need]:
    if operation == "ListBuckets":
        yield Need("s3:ListAllMyBuckets")
        return
    bucket = f"arn:{partition}:s3:::{request['Bucket']}"
    if operation in ("CopyObject", "UploadPartCopy"):
        yield _source(request, partition)
        yield from _writing(operation, f"{bucket}/{request['Key']}", request)
    elif operation == "DeleteObjects":
        yield from deletions(request, partition).values()
    elif operation in OBJECT:
        action = OBJECT[operation].format(V="Version" if request.get("VersionId") else "")
        if action == "PutObject":
            yield from _writing(operation, f"{bucket}/{request['Key']}", request)
        else:
            version = key("s3:versionid", [request.get("VersionId")])
            yield Need(f"s3:{action}", f"{bucket}/{request['Key']}", version)
            if operation == "GetObjectAttributes":
                yield Need("s3:GetObject", f"{bucket}/{request['Key']}")
    else:
        yield Need(f"s3:{BUCKET.get(operation, operation)}", bucket, _listing(request))


def deletions(request: Parameters, partition: str) -> dict[tuple[str, str | None], Need]:
    """Of each object of a DeleteObjects, which is deleted or not by itself."""
    found = {}
    for one in request["Delete"]["Objects"]:
        version = one.get("VersionId")
        action = "s3:DeleteObjectVersion" if version else "s3:DeleteObject"
        resource = f"arn:{partition}:s3:::{request['Bucket']}/{one['Key']}"
        found[one["Key"], version] = Need(action, resource)
    return found


def _writing(operation: str, resource: str, request: Parameters) -> Iterator[Need]:
    context = {
        **key("s3:x-amz-acl", [request.get("ACL")]),
        **key("s3:x-amz-server-side-encryption", [request.get("ServerSideEncryption")]),
        **key("s3:x-amz-server-side-encryption-aws-kms-key-id", [request.get("SSEKMSKeyId")]),
        **key("s3:x-amz-storage-class", [request.get("StorageClass")]),
        **key("s3:x-amz-copy-source", [request.get("CopySource")]),
        **key("s3:if-none-match", [request.get("IfNoneMatch")]),
        **key("s3:if-match", [request.get("IfMatch")]),
    }
    yield Need("s3:PutObject", resource, context)
    if operation in WRITING and any(request.get(name) for name in ACLS):
        yield Need("s3:PutObjectAcl", resource, context)
    if operation in WRITING and request.get("Tagging"):
        yield Need("s3:PutObjectTagging", resource)


def _source(request: Parameters, partition: str) -> Need:
    source = request["CopySource"]
    if isinstance(source, dict):
        place, version = f"{source['Bucket']}/{source['Key']}", source.get("VersionId")
    else:
        place, _, query = str(source).partition("?")
        place, version = unquote(place).removeprefix("/"), query.partition("versionId=")[2]
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    return Need(action, f"arn:{partition}:s3:::{place}")


def _listing(request: Parameters) -> Known:
    found: dict[str, Any] = {
        "s3:prefix": request.get("Prefix"),
        "s3:delimiter": request.get("Delimiter"),
        "s3:max-keys": request.get("MaxKeys") or request.get("MaxUploads"),
        "s3:x-amz-acl": request.get("ACL"),
    }
    # A prefix that is not sent is an empty one: StringEquals can ask for it.
    return {name: (str(value),) for name, value in found.items() if value is not None}
