"""How far the lake has come: bronze that no run has read, and gold made from older silver."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline import objects
from pipeline.delta_versions import NoSuchTableError
from pipeline.lineage import Commit, Lineage
from pipeline.names import GOLD, SILVER

# Of each silver job its prefix in bronze, and the object in silver that holds its watermark.
SOURCES = {"events/": "silver-events", "marketing/": "silver-marketing"}
# So many objects are listed to see what waits, those of the newest days first: a list of a million
# takes a minute, and a delivery is of the day on which it arrives, or one of the days before.
MOST_LISTED = 20_000
GOLD_CONFIRMED = "_watermarks/gold.json"


@dataclass(frozen=True)
class Source:
    """Objects of bronze; `waiting` came after the last run's listing.

    All that there are, or where that is too many, `is_whole` false, those of the newest days.
    """

    prefix: str
    objects: int
    newest: datetime | None
    waiting: int
    is_whole: bool = True


@dataclass(frozen=True)
class Table:
    """`behind` are the silver tables that are newer than what it was made from: name, the version
    that it was made from, and today's."""

    name: str
    version: int | None
    committed: datetime | None
    behind: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Freshness:
    bronze: tuple[Source, ...]
    tables: tuple[Table, ...]

    @property
    def is_behind(self) -> bool:
        """Whether a run of the pipeline would have something to do."""
        waits = any(source.waiting for source in self.bronze)
        return waits or any(t.behind or t.version is None for t in self.tables)


def freshness_of(lineage: Lineage) -> Freshness:
    names, s3 = lineage.names, lineage.s3
    bronze = tuple(
        source(s3, names.bronze_bucket, prefix, _watermark(s3, names.silver_bucket, job))
        for prefix, job in SOURCES.items()
    )
    newest = {name: _newest(lineage, name) for name in (*SILVER, *GOLD)}
    confirmed = objects.document(s3, names.gold_bucket, GOLD_CONFIRMED)
    return Freshness(
        bronze, tuple(table(name, newest, confirmed.get(name)) for name in (*SILVER, *GOLD))
    )


def table(name: str, newest: dict[str, Commit | None], confirmed: dict[str, Any] | None) -> Table:
    """`confirmed` is what the last run of gold found the table's last commit to be right for."""
    commit = newest[name]
    if commit is None:
        return Table(name, None, None)
    number, sources = commit.version.number, dict(commit.sources)
    if confirmed and confirmed["commit"]["version"] == number:
        found = json.loads(confirmed["sources"])
        sources = {one: value["version"] for one, value in found.items() if one in SILVER}
    behind = tuple(
        (silver, made, now.version.number)
        for silver, made in sources.items()
        if (now := newest.get(silver)) and now.version.number != made
    )
    return Table(name, number, commit.version.committed, behind)


def source(
    s3: Any, bucket: str, prefix: str, watermark: datetime | None, most: int = MOST_LISTED
) -> Source:
    """What is below the prefix; of more than about `most` objects those of the newest days."""
    times, is_whole = _times(s3, bucket, prefix, most)
    waiting = [time for time in times if watermark is None or time > watermark]
    return Source(prefix, len(times), max(times, default=None), len(waiting), is_whole)


def _times(s3: Any, bucket: str, prefix: str, most: int) -> tuple[list[datetime], bool]:
    """When the objects were written, and whether these are all: first those without a folder of
    their day, then day by day backwards."""
    folders: list[str] = []
    times: list[datetime] = []
    for page in _pages(s3, bucket, prefix, Delimiter="/"):
        folders += [folder["Prefix"] for folder in page.get("CommonPrefixes", [])]
        times += [entry["LastModified"] for entry in page.get("Contents", [])]
    for folder in sorted(folders, reverse=True):
        for page in _pages(s3, bucket, folder):
            if len(times) >= most:
                return times, False
            times += [entry["LastModified"] for entry in page.get("Contents", [])]
    return times, True


def _pages(s3: Any, bucket: str, prefix: str, **options: str) -> Any:
    paginator = s3.get_paginator("list_objects_v2")
    return paginator.paginate(Bucket=bucket, Prefix=prefix, **options)


def _watermark(s3: Any, bucket: str, job: str) -> datetime | None:
    found = objects.document(s3, bucket, f"_watermarks/{job}.json").get("watermark")
    return datetime.fromisoformat(found) if found else None


def _newest(lineage: Lineage, name: str) -> Commit | None:
    try:
        return lineage.commits(name, limit=1)[0]
    except NoSuchTableError:
        return None
