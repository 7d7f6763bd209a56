"""An object of S3 that may not be there."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError


def body(s3: Any, bucket: str, key: str) -> bytes | None:
    """The object's bytes; None where there is no such object."""
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise


def document(s3: Any, bucket: str, key: str) -> dict[str, Any]:
    """The object's JSON; empty where there is no such object."""
    found: dict[str, Any] = json.loads(body(s3, bucket, key) or b"{}")
    return found
