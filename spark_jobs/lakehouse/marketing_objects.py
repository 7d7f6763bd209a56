"""The bronze spend files that a silver run reads, and the watermark that it leaves behind."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import ClientError

from lakehouse.marketing import INDEX_NAME, day_of_key

log = logging.getLogger(__name__)

# An object may appear in a listing later than its LastModified says; rereading is harmless.
OVERLAP = timedelta(minutes=15)
WATERMARK_KEY = "_watermarks/silver-marketing.json"
READS_AT_ONCE = 8


@dataclass(frozen=True)
class SpendFile:
    """A bronze object below `marketing/`, and when S3 took it."""

    key: str
    last_modified: datetime


@dataclass(frozen=True)
class Listing:
    """All spend files at the moment `started`, by S3's clock."""

    started: datetime
    files: tuple[SpendFile, ...]


def list_spend_files(s3: Any, bucket: str, prefix: str) -> Listing:
    """Every object below the prefix but the source's index."""
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix))
    files = tuple(
        SpendFile(item["Key"], item["LastModified"])
        for page in pages
        for item in page.get("Contents", [])
        if not item["Key"].endswith((f"/{INDEX_NAME}", "/"))
    )
    log.info("listed s3://%s/%s, %d files", bucket, prefix, len(files))
    return Listing(
        parsedate_to_datetime(pages[0]["ResponseMetadata"]["HTTPHeaders"]["date"]), files
    )


def changed_since(listing: Listing, watermark: datetime | None) -> list[str]:
    """The keys written since the watermark, less the overlap; all of them without one."""
    return [
        file.key
        for file in listing.files
        if watermark is None or file.last_modified >= watermark - OVERLAP
    ]


def latest_days(listing: Listing, days: int, today: date) -> list[str]:
    """The keys of the greatest `days` dates that have a file and are not after today."""
    dated = [(day, file.key) for file in listing.files if (day := day_of_key(file.key))]
    latest = sorted({day for day, _ in dated if day <= today}, reverse=True)[:days]
    return [key for day, key in dated if day in latest]


def keys_to_read(
    s3: Any, listing: Listing, silver: str, full: bool, window: int | None
) -> list[str]:
    """The keys of the `window` latest days, or all when `full`, or those since the last run."""
    if window is not None:
        return latest_days(listing, window, listing.started.date())
    return changed_since(listing, None if full else read_watermark(s3, silver))


def read_files(s3: Any, bucket: str, keys: Sequence[str]) -> list[tuple[str, bytes]]:
    """The keys with the bytes of their objects."""

    def read(key: str) -> tuple[str, bytes]:
        return key, s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    with ThreadPoolExecutor(READS_AT_ONCE) as pool:
        bodies = list(pool.map(read, keys))
    log.info("read s3://%s, %d files", bucket, len(bodies))
    return bodies


def read_watermark(s3: Any, bucket: str) -> datetime | None:
    """The start of the last finished run's listing; None before the first."""
    try:
        stored = s3.get_object(Bucket=bucket, Key=WATERMARK_KEY)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return datetime.fromisoformat(json.loads(stored)["watermark"])


def store_watermark(s3: Any, bucket: str, watermark: datetime) -> None:
    """Store the watermark; to be called after the run's last table commit."""
    body = json.dumps({"watermark": watermark.isoformat()}).encode()
    s3.put_object(Bucket=bucket, Key=WATERMARK_KEY, Body=body, ContentType="application/json")
