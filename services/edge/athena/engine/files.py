"""S3 through the edge as pyarrow sees it, and how many bytes of it each scan reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pyarrow.dataset as ds
from pyarrow import fs

AT_ONCE = 8  # footers that are read side by side


@dataclass
class Counter:
    """How much of S3 a query scans; raises BytesScannedError beyond the limit."""

    limit: int | None = None
    total: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, size: int) -> None:
        with self._lock:
            self.total += size
        if self.is_exceeded:
            raise BytesScannedError(f"Bytes scanned limit was exceeded: {self.limit} bytes")

    @property
    def is_exceeded(self) -> bool:
        return self.limit is not None and self.total > self.limit


class BytesScannedError(Exception):
    """The workgroup lets a query read so much and no more."""


class MeasuredDataset(ds.FileSystemDataset):  # type: ignore[misc]
    """Adds to the counter what each scan is about to read: footers and column chunks, or files.

    A file system that counts its reads would have to be Python, whose lock a scan holds while it
    waits for those very reads: it would stand still for ever.
    """

    counter: Counter
    sizes: dict[str, int]

    def scanner(self, columns: Any = None, filter: Any = None, **settings: Any) -> Any:
        names = set(self.schema.names if columns is None else columns)
        fragments = list(self.get_fragments(filter))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sizes = pool.map(lambda one: self._size(one, names, filter), fragments)
            self.counter.add(sum(sizes))
        return super().scanner(columns=columns, filter=filter, **settings)

    def _size(self, fragment: Any, names: set[str], condition: Any) -> int:
        if not isinstance(fragment, ds.ParquetFileFragment):
            return self.sizes[fragment.path]
        fragment.ensure_complete_metadata()  # kept, so the scan does not read it again
        metadata = fragment.metadata
        groups = _groups(fragment, condition, self.schema)
        chunks = (chunk for group in groups for chunk in _chunks(metadata.row_group(group)))
        wanted = (c for c in chunks if c.path_in_schema.partition(".")[0] in names)
        return int(metadata.serialized_size + sum(c.total_compressed_size for c in wanted))


def measured(
    fragments: list[Any], schema: Any, style: Any, files: Any, counter: Counter, sizes: Any
) -> MeasuredDataset:
    data = MeasuredDataset(fragments, schema, style, files)
    data.counter, data.sizes = counter, sizes
    return data


def _groups(fragment: Any, condition: Any, schema: Any) -> list[int]:
    """The row groups that may hold rows under the condition, by their statistics."""
    parts = fragment.split_by_row_group(filter=condition, schema=schema)
    return [group.id for part in parts for group in part.row_groups]


def _chunks(group: Any) -> Iterator[Any]:
    return (group.column(index) for index in range(group.num_columns))


@dataclass(frozen=True)
class Storage:
    """The edge's S3: `files` for reading, `s3` for writing, and the counter of the query."""

    endpoint: str
    region: str
    counter: Counter
    files: Any
    s3: Any

    @classmethod
    def at(cls, endpoint: str, region: str, counter: Counter, s3: Any) -> Storage:
        parts = urlsplit(endpoint)
        files = fs.S3FileSystem(
            access_key="test",
            secret_key="test",
            region=region,
            scheme=parts.scheme,
            endpoint_override=parts.netloc,
            connect_timeout=5,
            request_timeout=60,
        )
        return cls(endpoint, region, counter, files, s3)

    def write(self, location: str, body: bytes) -> None:
        bucket, _, key = path_of(location).partition("/")
        self.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def upload(self, location: str, file: Any) -> None:
        """The object is there only once it is whole: a query that is killed leaves none."""
        file.seek(0)
        bucket, _, key = path_of(location).partition("/")
        self.s3.upload_fileobj(file, bucket, key)

    def data_files(self, location: str) -> dict[str, int]:
        """Bucket and key, and size, of what a location holds; hidden files are passed over."""
        root = path_of(location)
        selector = fs.FileSelector(root, recursive=True, allow_not_found=True)
        found = [one for one in self.files.get_file_info(selector) if one.is_file and one.size]
        inner = [(one, one.path[len(root) :].strip("/").split("/")) for one in found]
        shown = [one for one, names in inner if not any(name[0] in "._" for name in names if name)]
        return {one.path: one.size for one in sorted(shown, key=lambda one: one.path)}


def path_of(location: str) -> str:
    """bucket/key of an s3:// location, without a slash at its end."""
    return location.partition("://")[2].rstrip("/")


@dataclass(frozen=True)
class Part:
    """A data file, and what is true of its rows by the partition that it is in."""

    path: str
    size: int
    condition: Any = None


def of_parts(parts: list[Part], schema: Any, style: Any, storage: Storage) -> MeasuredDataset:
    """A dataset of the files, of which whole partitions are left out where a filter says so."""
    fragments = [
        style.make_fragment(
            one.path,
            storage.files,
            ds.scalar(True) if one.condition is None else one.condition,
            file_size=one.size,
        )
        for one in parts
    ]
    sizes = {one.path: one.size for one in parts}
    return measured(fragments, schema, style, storage.files, storage.counter, sizes)
