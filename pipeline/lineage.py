"""Which run, which silver versions and which bronze objects made a version of a table.

Read from what the jobs record: the `userMetadata` of each commit, and the files below `_lineage/`
that it names (spark_jobs/lakehouse/lineage.py).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import objects
from pipeline.delta_versions import NoSuchVersionError, Version, versions
from pipeline.names import GOLD, SILVER, ResourceNames


@dataclass(frozen=True)
class Run:
    """A job run; `lineage` is the folder of its events, `execution` an ARN, if any."""

    id: str
    lineage: str
    execution: str | None = None


@dataclass(frozen=True)
class Commit:
    """A version of a table, the run that made it, and the silver versions that it was made from.

    A commit by anybody else has no run; one of silver, which is made from bronze, no sources.
    """

    table: str
    version: Version
    run: Run | None
    sources: Mapping[str, int]


@dataclass(frozen=True)
class Origin:
    """What made a version of gold: its commit, and the commits of silver since the one before.

    `is_whole` is false where a log no longer has all of them.
    """

    made: Commit
    before: Commit | None
    silver: tuple[Commit, ...]
    is_whole: bool

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of silver, each once, oldest first."""
        return tuple(dict.fromkeys(commit.run for commit in self.silver if commit.run))


@dataclass(frozen=True)
class Lineage:
    """A lake's lineage: `options` are deltalake's (storage.py), `s3` a client."""

    names: ResourceNames
    options: dict[str, str]
    s3: Any

    def commits(self, table: str, limit: int | None = None) -> list[Commit]:
        """The table's commits that its log still has, newest first. Raises NoSuchTableError."""
        found = versions(self.names.table_uri(table), self.options, limit)
        return [commit(table, version) for version in found]

    def origin(self, table: str, number: int | None = None) -> Origin:
        """Of a gold table's version, the newest by default. Raises NoSuchVersionError."""
        commits = self.commits(table)
        made = _numbered(commits, number)
        return origin_of(commits, made, {name: self.commits(name) for name in made.sources})

    def objects(self, run: Run, table: str) -> list[str]:
        """The keys of the bronze objects that the run read which made a commit of the table."""
        bucket = self.names.gold_bucket if table in GOLD else self.names.silver_bucket
        event = objects.document(self.s3, bucket, f"{run.lineage}START.json")
        lists = [
            facet["list"]
            for dataset in event.get("inputs", [])
            if (facet := dataset.get("facets", {}).get("lakehouse_objects"))
        ]
        keys = []
        for address in lists:
            where, _, key = address.removeprefix("s3://").partition("/")
            text = gzip.decompress(objects.body(self.s3, where, key) or gzip.compress(b"")).decode()
            keys += text.splitlines()
        return keys

    def objects_of(self, origin: Origin) -> list[str]:
        """The keys that the runs of silver read since gold's version before, each once."""
        keys: dict[str, None] = {}
        for run in origin.runs:
            table = next(made.table for made in origin.silver if made.run == run)
            keys |= dict.fromkeys(self.objects(run, table))
        return list(keys)

    def readers(self, table: str, keys: Collection[str]) -> dict[str, Run]:
        """Of objects of bronze, the run that read each last and made a commit of the table."""
        found: dict[str, Run] = {}
        runs = dict.fromkeys(one.run for one in self.commits(table) if one.run)
        for run in runs:  # newest first
            if found.keys() >= set(keys):
                break
            read = set(self.objects(run, table))
            found |= {key: run for key in keys if key in read and key not in found}
        return found


def commit(table: str, version: Version) -> Commit:
    """What the version's `userMetadata` tells; nothing where somebody else has written it."""
    try:
        note = json.loads(version.note or "{}")
    except ValueError:
        note = {}
    if not isinstance(note, dict):
        note = {}
    sources = {name: number for name in SILVER if (number := _number(note.get(name))) is not None}
    return Commit(table=table, version=version, run=_run(note.get("run")), sources=sources)


def _run(noted: Any) -> Run | None:
    match noted:
        case {"id": str(name), "lineage": str(folder)}:
            return Run(name, folder, noted.get("execution"))
    return None


def _number(noted: Any) -> int | None:
    match noted:
        case {"version": int(number)}:
            return number
    return None


def origin_of(
    commits: Sequence[Commit], made: Commit, silver: Mapping[str, Sequence[Commit]]
) -> Origin:
    """`commits` are the gold table's, `silver` those of the tables that `made` was made from."""
    earlier = [one for one in commits if one.version.number < made.version.number and one.sources]
    before = max(earlier, key=lambda one: one.version.number, default=None)
    chosen: list[Commit] = []
    is_whole = True
    for table, newest in made.sources.items():
        known = before.sources.get(table, -1) if before else -1
        # A table that was made anew counts from 0 again.
        known = known if known <= newest else -1
        steps = [one for one in silver[table] if known < one.version.number <= newest]
        is_whole = is_whole and len(steps) == newest - known
        chosen += steps
    chosen.sort(key=lambda one: one.version.committed)
    return Origin(made, before, tuple(chosen), is_whole)


def _numbered(commits: Sequence[Commit], number: int | None) -> Commit:
    if number is None:
        return commits[0]
    for one in commits:
        if one.version.number == number:
            return one
    numbers = [one.version.number for one in commits]
    raise NoSuchVersionError(
        f"Expected a version of {commits[0].table} from {min(numbers)} to {max(numbers)}, which its"
        f" log still has; found {number}"
    )
