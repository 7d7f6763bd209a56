"""S3 through the edge: what stands below a location, and how many bytes of it are read."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyarrow import fs

from services.edge import s3_filesystem
from services.edge.athena.sql.errors import QueryError

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_LOCATION = re.compile(r"s3[an]?://([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])(/.*)?", re.DOTALL)


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


@dataclass(frozen=True)
class File:
    """A data file: bucket and key, bytes, and when it was written."""

    path: str
    size: int
    modified: datetime | None = None

    @property
    def address(self) -> str:
        return f"s3://{self.path}"


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
        return cls(
            endpoint, region, counter, s3_filesystem.through_edge(endpoint, region=region), s3
        )

    def write(self, location: str, body: bytes) -> None:
        bucket, _, key = path_of(location).partition("/")
        self.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def upload(self, location: str, file: Any) -> None:
        """The object is there only once it is whole: a query that is killed leaves none."""
        file.seek(0)
        bucket, _, key = path_of(location).partition("/")
        self.s3.upload_fileobj(file, bucket, key)

    def data_files(self, location: str) -> list[File]:
        """What a location holds, as a folder; hidden and empty files are passed over."""
        root = path_of(location)
        selector = fs.FileSelector(root, recursive=True, allow_not_found=True)
        found = [info for info in self.files.get_file_info(selector) if info.is_file and info.size]
        inner = [(info, info.path[len(root) :].strip("/").split("/")) for info in found]
        shown = [
            info for info, names in inner if not any(name[0] in "._" for name in names if name)
        ]
        return [
            File(info.path, info.size, info.mtime) for info in sorted(shown, key=lambda o: o.path)
        ]


def path_of(location: str) -> str:
    """bucket/key of a location in S3, without a slash at its end; all else is refused."""
    match = _LOCATION.fullmatch(location)
    if match is None:
        raise QueryError(
            "INVALID_TABLE_PROPERTY",
            f"Expected a location s3://bucket/folder/, found {location!r}",
        )
    return f"{match[1]}{match[2] or ''}".rstrip("/")
