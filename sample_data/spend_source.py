"""The recorded spend files, put where the marketing source keeps them."""

from __future__ import annotations

from typing import Any

from aws_bootstrap.buckets import ensure_objects, public_read_policy
from sample_data.recorded import FOLDER, INDEX

PREFIX = "calendly_spend_data/"


def upload(s3: Any, bucket: str = "dea-data-bucket") -> list[str]:
    """Make the bucket that anyone may read, and put what is missing or differs; the keys put."""
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=public_read_policy(bucket))
    return ensure_objects(s3, bucket, source_objects(), PREFIX)


def source_objects() -> dict[str, bytes]:
    """The files by key; the index last, so that it never names a file that is not there yet."""
    paths = sorted((FOLDER / "spend").glob("*.json"), key=lambda path: (path.name == INDEX, path))
    return {PREFIX + path.name: path.read_bytes() for path in paths}
