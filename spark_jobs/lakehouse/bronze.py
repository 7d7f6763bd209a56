"""The bronze bucket: which objects there are, and their bytes; the one module that asks S3."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

log = logging.getLogger(__name__)

READS_AT_ONCE = 8


@dataclass(frozen=True)
class ListedObject:
    """A bronze object and when S3 took it."""

    key: str
    last_modified: datetime


@dataclass(frozen=True)
class Listing:
    """All objects below a prefix at the moment `started`, by S3's clock."""

    started: datetime
    objects: tuple[ListedObject, ...]


def s3_client() -> Any:
    """A client for this process; endpoint, region and credentials come from its environment."""
    retries: Any = {"mode": "standard", "max_attempts": 5}
    return boto3.client("s3", config=Config(retries=retries, max_pool_connections=READS_AT_ONCE))


def list_objects(s3: Any, bucket: str, prefix: str) -> Listing:
    """Every object below the prefix; keys that end in `/` only stand for folders."""
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix))
    objects = tuple(
        ListedObject(item["Key"], item["LastModified"])
        for page in pages
        for item in page.get("Contents", [])
        if not item["Key"].endswith("/")
    )
    log.info("listed s3://%s/%s, %d objects", bucket, prefix, len(objects))
    date = pages[0]["ResponseMetadata"]["HTTPHeaders"]["date"]
    return Listing(parsedate_to_datetime(date), objects)


def read_objects(bucket: str, keys: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
    """Keys and bytes, by one request each; None for an object deleted after the listing."""
    wanted = list(keys)
    if not wanted:
        return
    s3 = s3_client()
    with ThreadPoolExecutor(READS_AT_ONCE) as pool:
        yield from pool.map(lambda key: (key, _body(s3, bucket, key)), wanted)


def read_watermark(s3: Any, bucket: str, key: str) -> datetime | None:
    """The start of the last finished run's listing; None before the first."""
    stored = _body(s3, bucket, key)
    return None if stored is None else datetime.fromisoformat(json.loads(stored)["watermark"])


def store_watermark(s3: Any, bucket: str, key: str, watermark: datetime) -> None:
    """Store the watermark; to be called after the run's last table commit."""
    body = json.dumps({"watermark": watermark.isoformat()}).encode()
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    log.info("wrote s3://%s/%s, %s", bucket, key, watermark.isoformat())


def _body(s3: Any, bucket: str, key: str) -> bytes | None:
    try:
        body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return body
