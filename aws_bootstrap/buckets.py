"""Buckets beside the template, and uploads that are made only where the content differs."""

from __future__ import annotations

import hashlib
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

LOG = logging.getLogger(__name__)
UPLOADS_AT_ONCE = 8
TAGS = {"TagSet": [{"Key": "project", "Value": "6"}]}
PRIVATE = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)


class NotEmptiedError(Exception):
    """S3 has refused to delete an object."""


def ensure_bucket(s3: Any, bucket: str) -> bool:
    """Make a private bucket where there is none; whether it was made."""
    if exists(s3, bucket):
        return False
    region = s3.meta.region_name
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **(place if region != "us-east-1" else {}))
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=PRIVATE)
    s3.put_bucket_tagging(Bucket=bucket, Tagging=TAGS)
    return True


def exists(s3: Any, bucket: str) -> bool:
    try:
        s3.head_bucket(Bucket=bucket)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchBucket"):
            return False
        raise
    return True


def has_object(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NoSuchBucket"):
            return False
        raise
    return True


def ensure_objects(s3: Any, bucket: str, objects: dict[str, bytes], prefix: str = "") -> list[str]:
    """Upload what is missing or differs by size or MD5; return the uploaded keys."""
    wanted = differing(s3, bucket, objects, prefix)

    def put(key: str) -> None:
        s3.put_object(Bucket=bucket, Key=key, Body=objects[key])
        LOG.info("put s3://%s/%s, %d bytes", bucket, key, len(objects[key]))

    with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
        list(pool.map(put, wanted))
    return wanted


def differing(s3: Any, bucket: str, objects: dict[str, bytes], prefix: str = "") -> list[str]:
    """The keys of the objects that are missing or differ by size or MD5.

    An ETag is the MD5 of an object that was put in one part without a customer's key.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    present = {
        entry["Key"]: (entry["Size"], entry["ETag"].strip('"'))
        for page in pages
        for entry in page.get("Contents", [])
    }
    return [key for key, content in objects.items() if present.get(key) != _mark(content)]


def delete_below(s3: Any, bucket: str, prefix: str = "") -> None:
    """Remove every version of every object of the bucket, or of those below a prefix."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        keys = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in entries]
        if keys:
            refused = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys}).get("Errors")
            if refused:
                raise NotEmptiedError(f"{bucket} cannot be emptied: {refused[0]}")


def public_read_policy(bucket: str) -> str:
    """The policy under which anyone reads a bucket over plain HTTP, and nobody writes."""
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": resources,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _mark(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.md5(content, usedforsecurity=False).hexdigest()
