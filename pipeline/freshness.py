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
GOLD_CONFIRMED = "_watermarks/gold.json"


@dataclass(frozen=True)
class Source:
    """Objects of bronze; `waiting` came after the last run's listing."""

    prefix: str
    objects: int
    newest: datetime | None
    waiting: int


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
        _source(s3, names.bronze_bucket, prefix, _watermark(s3, names.silver_bucket, job))
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
        (source, made, now.version.number)
        for source, made in sources.items()
        if (now := newest.get(source)) and now.version.number != made
    )
    return Table(name, number, commit.version.committed, behind)


def _source(s3: Any, bucket: str, prefix: str, watermark: datetime | None) -> Source:
    times = [
        entry["LastModified"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for entry in page.get("Contents", [])
    ]
    waiting = [time for time in times if watermark is None or time > watermark]
    return Source(prefix, len(times), max(times, default=None), len(waiting))


def _watermark(s3: Any, bucket: str, job: str) -> datetime | None:
    found = objects.document(s3, bucket, f"_watermarks/{job}.json").get("watermark")
    return datetime.fromisoformat(found) if found else None


def _newest(lineage: Lineage, name: str) -> Commit | None:
    try:
        return lineage.commits(name, limit=1)[0]
    except NoSuchTableError:
        return None
