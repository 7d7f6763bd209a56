"""The bronze bucket: which objects there are, and their bytes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lakehouse.s3_objects import REQUESTS_AT_ONCE, object_reader, s3_client

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ListedObject:
    """A bronze object, when S3 took it, the ETag of its content, and its bytes."""

    key: str
    last_modified: datetime
    etag: str = ""
    size: int = 0


@dataclass(frozen=True)
class Listing:
    """All objects below a prefix at the moment `started`, by S3's clock."""

    started: datetime
    objects: tuple[ListedObject, ...]


def list_objects(s3: Any, bucket: str, prefix: str) -> Listing:
    """Every object below the prefix; keys that end in `/` only stand for folders."""
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix))
    objects = tuple(
        ListedObject(item["Key"], item["LastModified"], item["ETag"], item["Size"])
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
    read = object_reader(s3_client(), bucket)
    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        yield from pool.map(lambda key: (key, read(key)), wanted)
