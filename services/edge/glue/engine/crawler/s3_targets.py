"""Reads S3 targets: lists a folder, samples its files, and tells the tables that stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from services.edge.glue.engine.crawler import folders, s3_files
from services.edge.glue.engine.crawler.exclusions import excluded
from services.edge.glue.engine.crawler.findings import Findings
from services.edge.glue.engine.crawler.folders import Folder
from services.edge.glue.engine.crawler.tables import FoundTable

FILES_PER_FOLDER = 10
DELTA_LOG = "_delta_log"
Entry = dict[str, Any]
Segments = tuple[str, ...]


def read(
    s3: Any,
    targets: list[dict[str, Any]],
    check: Callable[[], None],
    found: Findings,
    *,
    combine: bool,
) -> None:
    """Add to `found` what stands at each target; `check` raises where the crawl is to stop.

    With `combine`, folders of one format are one table whatever their columns are.
    """
    for target in targets:
        check()
        try:
            _Target(s3, target, check, found, combine=combine).read()
        except ClientError as error:
            found.failures.append(f"{target['Path']} cannot be read: {error}")


class _Target:
    def __init__(
        self,
        s3: Any,
        target: dict[str, Any],
        check: Callable[[], None],
        found: Findings,
        *,
        combine: bool,
    ) -> None:
        self._s3 = s3
        self._path = target["Path"]
        self._bucket, _, self._prefix = self._path.removeprefix("s3://").partition("/")
        self._exclusions = tuple(target.get("Exclusions") or ())
        self._size = target.get("SampleSize") or FILES_PER_FOLDER
        self._check = check
        self._found = found
        self._combine = combine

    def read(self) -> None:
        listed = list(self._listed())
        if not listed:
            self._found.missing.append(self._path)
            return
        by_folder = crawled(listed, self._prefix.rstrip("/"), self._exclusions)
        for delta in delta_folders(listed):
            address = "/".join(["s3:/", self._bucket, *delta])
            note = f"WARN : {address} is a Delta table: skipped; name it in DeltaTables"
            self._found.notes.append(note)
        notes = len(self._found.notes)
        sampled = [self._folder(segments, entries) for segments, entries in by_folder.items()]
        whole = len(self._found.notes) == notes
        tables = self._tables([folder for folder in sampled if folder.samples])
        self._found.tables += [replace(table, whole=whole) for table in tables]
        if whole:
            self._found.read.append(self._path)

    def _listed(self) -> Iterator[Entry]:
        """The objects of a folder, or the one object whose key is the path itself."""
        folder = f"{self._prefix.rstrip('/')}/" if self._prefix else ""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix.rstrip("/")
        )
        for page in pages:
            for entry in page.get("Contents", []):
                if entry["Key"].startswith(folder) or entry["Key"] == self._prefix:
                    yield entry

    def _folder(self, segments: Segments, entries: list[Entry]) -> Folder:
        sampled = {}
        for entry in spread(entries, self._size):
            self._check()
            key = entry["Key"]
            sample = s3_files.sample(self._s3, self._bucket, key, entry["Size"])
            if sample is not None:
                sampled[key.rsplit("/", 1)[-1]] = sample
            else:
                note = f"WARN : s3://{self._bucket}/{key} is of no known format: skipped"
                self._found.notes.append(note)
        return Folder(segments, sampled, len(entries), sum(entry["Size"] for entry in entries))

    def _tables(self, readable: list[Folder]) -> list[FoundTable]:
        for folder in readable:
            for name in folder.samples:
                if "/".join((*folder.segments, name)) == self._prefix:
                    return [folders.file_table(folder, self._bucket, name)]
        return folders.tables(readable, self._bucket, combine=self._combine)


def crawled(
    listed: list[Entry], base: str, exclusions: tuple[str, ...]
) -> dict[Segments, list[Entry]]:
    """By folder, without Delta tables, hidden or empty files, and what is excluded."""
    deltas = delta_folders(listed)
    by_folder: dict[Segments, list[Entry]] = {}
    for entry in listed:
        segments = tuple(entry["Key"].split("/")[:-1])
        below_delta = any(segments[: len(delta)] == delta for delta in deltas)
        inner = _relative(entry["Key"], base)
        hidden = any(part.startswith(("_", ".")) for part in inner)
        empty = entry["Size"] == 0 or entry["Key"].endswith("/")
        if not (below_delta or hidden or empty or excluded("/".join(inner), exclusions)):
            by_folder.setdefault(segments, []).append(entry)
    return by_folder


def delta_folders(listed: list[Entry]) -> list[Segments]:
    """The folders that hold a Delta log."""
    found = set()
    for entry in listed:
        parts = entry["Key"].split("/")
        if DELTA_LOG in parts[:-1]:
            found.add(tuple(parts[: parts.index(DELTA_LOG)]))
    return sorted(found)


def spread(entries: list[Entry], size: int) -> list[Entry]:
    """At most `size` entries from the whole of the list, its last among them."""
    if len(entries) <= size:
        return entries
    step = len(entries) / size
    return [entries[round((number + 1) * step) - 1] for number in range(size)]


def _relative(key: str, base: str) -> list[str]:
    """The path below the target; of a target that is one file, its name."""
    inner = key.removeprefix(f"{base}/") if base else key
    return inner.split("/") if inner != base else [key.rsplit("/", 1)[-1]]
