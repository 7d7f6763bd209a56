"""S3 through the edge as pyarrow sees it, with every byte that is read counted."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pyarrow import PythonFile, fs


@dataclass
class Counter:
    """How much of S3 has been read; raises BytesScannedError beyond the limit."""

    limit: int | None = None
    total: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, size: int) -> None:
        with self._lock:
            self.total += size
        if self.limit is not None and self.total > self.limit:
            raise BytesScannedError(f"Bytes scanned limit was exceeded: {self.limit} bytes")


class BytesScannedError(Exception):
    """The workgroup lets a query read so much and no more."""


class _CountedFile(io.RawIOBase):
    def __init__(self, file: Any, counter: Counter) -> None:
        self._file, self._counter = file, counter

    def read(self, size: int | None = -1) -> bytes:
        data: bytes = self._file.read(size)
        self._counter.add(len(data))
        return data

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def size(self) -> int:
        return int(self._file.size())

    def close(self) -> None:
        self._file.close()
        super().close()


class CountedFiles(fs.FileSystemHandler):  # type: ignore[misc]
    """Reads of another file system, counted; it writes nothing."""

    def __init__(self, files: Any, counter: Counter) -> None:
        self._files, self._counter = files, counter

    def get_type_name(self) -> str:
        return "counted"

    def normalize_path(self, path: str) -> str:
        return str(self._files.normalize_path(path))

    def get_file_info(self, paths: list[str]) -> Any:
        return self._files.get_file_info(paths)

    def get_file_info_selector(self, selector: Any) -> Any:
        return self._files.get_file_info(selector)

    def open_input_stream(self, path: str) -> Any:
        # What is compressed is counted as it is, and decompressed by who asks for it.
        stream = self._files.open_input_stream(path, compression=None)
        return PythonFile(_CountedFile(stream, self._counter), "r")

    def open_input_file(self, path: str) -> Any:
        return PythonFile(_CountedFile(self._files.open_input_file(path), self._counter), "r")

    def __eq__(self, other: object) -> bool:
        return self is other

    def _refused(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("this file system is only read")

    create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = _refused
    delete_file = move = copy_file = open_output_stream = open_append_stream = _refused


@dataclass(frozen=True)
class Storage:
    """The edge's S3: `counted` for what queries read, `direct` for listings, `s3` for writing."""

    endpoint: str
    region: str
    counter: Counter
    direct: Any
    counted: Any
    s3: Any

    @classmethod
    def at(cls, endpoint: str, region: str, counter: Counter, s3: Any) -> Storage:
        parts = urlsplit(endpoint)
        direct = fs.S3FileSystem(
            access_key="test",
            secret_key="test",
            region=region,
            scheme=parts.scheme,
            endpoint_override=parts.netloc,
            connect_timeout=5,
            request_timeout=60,
        )
        counted = fs.PyFileSystem(CountedFiles(direct, counter))
        return cls(endpoint, region, counter, direct, counted, s3)

    def below(self, location: str) -> Any:
        """A file system whose root is the s3:// location."""
        return fs.SubTreeFileSystem(path_of(location), self.counted)

    def write(self, location: str, body: bytes) -> None:
        bucket, _, key = path_of(location).partition("/")
        self.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def upload(self, location: str, file: Any) -> None:
        """Arrow's own writer waits for a `100 Continue` that the edge does not send."""
        file.seek(0)
        bucket, _, key = path_of(location).partition("/")
        self.s3.upload_fileobj(file, bucket, key)

    def data_files(self, location: str) -> list[str]:
        """Bucket and key of what a table's location holds; hidden files are passed over."""
        root = path_of(location)
        selector = fs.FileSelector(root, recursive=True, allow_not_found=True)
        found = [one for one in self.direct.get_file_info(selector) if one.is_file and one.size]
        inner = [(one.path, one.path[len(root) :].strip("/").split("/")) for one in found]
        return sorted(path for path, names in inner if not any(n[0] in "._" for n in names if n))


def path_of(location: str) -> str:
    """bucket/key of an s3:// location, without a slash at its end."""
    return location.partition("://")[2].rstrip("/")
