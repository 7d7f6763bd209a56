"""What the logs of Delta tables on S3 tell without Spark: each table's last commit."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from lakehouse.s3_objects import REQUESTS_AT_ONCE, body_of, within

_COMMIT = re.compile(r"/_delta_log/([0-9]{20})\.json\Z")


@dataclass(frozen=True)
class Commit:
    """A commit of a table: its number, and its file's ETag, which tells it from any other.

    A table that was deleted and made anew has commits of the same numbers. Their files differ, for
    each holds the time and a transaction id of its own:
    https://github.com/delta-io/delta/blob/master/PROTOCOL.md#commit-provenance-information
    """

    version: int
    etag: str


def last_commits(s3: Any, place: str, tables: Sequence[str]) -> dict[str, Commit]:
    """The last commit of each table of the place, by table; those without a log are left out."""
    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        found = pool.map(lambda table: (table, _last_commit(s3, place, table)), tables)
        return {table: commit for table, commit in found if commit}


def user_metadata(s3: Any, place: str, table: str, commit: Commit) -> str | None:
    """What the commit's writer gave as `userMetadata`, if anything."""
    body = body_of(s3, place, f"{table}/_delta_log/{commit.version:020}.json") or b""
    for line in body.splitlines():
        if info := json.loads(line).get("commitInfo"):
            return info.get("userMetadata")  # type: ignore[no-any-return]
    return None


def _last_commit(s3: Any, place: str, table: str) -> Commit | None:
    bucket, prefix = within(place, f"{table}/_delta_log/")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    commits = [
        Commit(int(match.group(1)), item["ETag"].strip('"'))
        for page in pages
        for item in page.get("Contents", [])
        if (match := _COMMIT.search(item["Key"]))
    ]
    return max(commits, key=lambda commit: commit.version, default=None)
