"""Object data of S3 in files: every write makes a new file, and the object's metadata names it."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import IO, Any, Literal
from weakref import WeakValueDictionary

from localstack.aws.api import CommonServiceException
from localstack.services.s3.constants import S3_CHUNK_SIZE
from localstack.services.s3.storage.core import (
    LimitedStream,
    S3ObjectStore,
    S3StoredMultipart,
    S3StoredObject,
)
from localstack.services.s3.utils import get_s3_checksum

from services.edge.store import room

LOG = logging.getLogger(__name__)
RUN = f"{time.time_ns():x}"
FOLDER_FILES = 4096
_numbers = count(1)
GRACE_SECONDS = 60.0  # a reader may have looked up the metadata of a file just replaced


class FileObject(S3StoredObject):  # type: ignore[misc]
    """Data of an object or part; `s3_object.data_file` names its file below the data folder."""

    def __init__(
        self, s3_object: Any, folder: Path, mode: Literal["r", "w"], lock: Any = None
    ) -> None:
        super().__init__(s3_object, mode)
        self.closed = False
        self._lock = lock
        self._etag: str | None = None
        self._checksum: Any = None
        if mode == "w":
            s3_object.data_file = new_name()
        self._path = folder / getattr(s3_object, "data_file", "never written")
        self._file = self._open()

    def write(self, stream: Any) -> int:
        self._file.seek(0)
        self._file.truncate()
        digest = hashlib.md5(usedforsecurity=False)
        checksum = self._new_checksum()
        while stream is not None and (data := stream.read(S3_CHUNK_SIZE)):
            self._file.write(data)
            digest.update(data)
            if checksum:
                checksum.update(data)
        self._etag = self.s3_object.etag = digest.hexdigest()
        self._checksum = checksum
        self._written(self._file.tell())
        self._file.seek(0)
        return int(self.s3_object.size)

    def append(self, part: S3StoredObject) -> int:
        written = 0
        while data := part.read(S3_CHUNK_SIZE):
            written += self._file.write(data)
        self._written(self._file.tell())
        return written

    def truncate(self, size: int | None = None) -> int:
        return self._file.truncate(size)

    def read(self, s: int | None = -1) -> bytes:
        return self._file.read(-1 if s is None else s)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._file.close()
            if self._lock is not None:
                self._lock.release()

    def __exit__(self, kind: Any, *_: Any) -> None:
        self.close()
        if kind is not None and self._mode == "w":
            self._path.unlink(missing_ok=True)

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(S3_CHUNK_SIZE):
            yield data

    @property
    def last_modified(self) -> int:
        return int(self.s3_object.internal_last_modified)

    @property
    def checksum(self) -> str | None:
        if not self.s3_object.checksum_algorithm:
            return None
        if self._checksum is None:
            self._checksum = self._digest_of_file(self._new_checksum())
        return base64.b64encode(self._checksum.digest()).decode()

    @property
    def etag(self) -> str:
        if self._etag is None:
            digest = self._digest_of_file(hashlib.md5(usedforsecurity=False))
            self._etag = digest.hexdigest()
        return self._etag

    def _open(self) -> IO[bytes]:
        try:
            if self._mode == "w":
                return self._created()
            return self._whole(self._path.open("rb"))
        except OSError as error:
            if self._lock is not None:
                self._lock.release()
            if self._mode == "w" or not isinstance(error, FileNotFoundError | IsADirectoryError):
                raise
            raise self._damaged("none") from error

    def _created(self) -> IO[bytes]:
        try:
            return self._path.open("w+b")
        except FileNotFoundError:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return self._path.open("w+b")

    def _whole(self, file: IO[bytes]) -> IO[bytes]:
        """Half of an object, or more than it, is no answer."""
        found = os.fstat(file.fileno()).st_size
        if found != self.s3_object.size:
            file.close()
            raise self._damaged(str(found))
        return file

    def _damaged(self, found: str) -> CommonServiceException:
        key = getattr(self.s3_object, "key", "a part")
        return CommonServiceException(
            "InternalError",
            f"The data of {key} is damaged: expected {self.s3_object.size} bytes in {self._path},"
            f" found {found}. Put back a copy of that file, or store the object again.",
            500,
        )

    def _written(self, size: int) -> None:
        self._file.flush()  # to the operating system: it outlives this process
        self.s3_object.size = size
        self.s3_object.internal_last_modified = time.time_ns()

    def _new_checksum(self) -> Any:
        algorithm = self.s3_object.checksum_algorithm
        return get_s3_checksum(algorithm) if algorithm else None

    def _digest_of_file(self, digest: Any) -> Any:
        position = self._file.tell()
        self._file.seek(0)
        for data in self:
            digest.update(data)
        self._file.seek(position)
        return digest


class FileMultipart(S3StoredMultipart):  # type: ignore[misc]
    """The parts of an upload; which there are is known by the upload's metadata alone."""

    def __init__(self, store: FileStore, bucket: str, s3_multipart: Any) -> None:
        super().__init__(store, bucket, s3_multipart)
        self._folder = store.folder

    def open(self, s3_part: Any, mode: Literal["r", "w"] = "r") -> FileObject:
        return FileObject(s3_part, self._folder, mode)

    def remove_part(self, s3_part: Any) -> None:
        (self._folder / s3_part.data_file).unlink(missing_ok=True)

    def complete_multipart(self, parts: list[Any]) -> None:
        with self._s3_store.open(self.bucket, self.s3_multipart.object, mode="w") as whole:
            for s3_part in parts:
                with self.open(s3_part) as part:
                    whole.append(part)

    def copy_from_object(
        self, s3_part: Any, src_bucket: str, src_s3_object: Any, range_data: Any
    ) -> None:
        with (
            self._s3_store.open(src_bucket, src_s3_object) as source,
            self.open(s3_part, mode="w") as part,
        ):
            part.write(LimitedStream(source, range_data=range_data) if range_data else source)
            if s3_part.checksum_algorithm:
                s3_part.checksum_value = part.checksum

    def close(self) -> None:
        for s3_part in self.s3_multipart.parts.values():
            self.remove_part(s3_part)


class FileStore(S3ObjectStore):  # type: ignore[misc]
    """All object data of the edge below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root_directory = str(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._locks: WeakValueDictionary[tuple[str, str], _Lock] = WeakValueDictionary()
        self._guard = threading.Lock()
        self._replaced: deque[tuple[float, str]] = deque()

    def open(self, bucket: str, s3_object: Any, mode: Literal["r", "w"] = "r") -> FileObject:
        lock = self._write_lock(bucket, s3_object.key) if mode == "w" else None
        return FileObject(s3_object, self.folder, mode, lock)

    def remove(self, bucket: str, s3_object: Any) -> None:  # noqa: ARG002 - the seam's
        objects = s3_object if isinstance(s3_object, list) else [s3_object]
        self.remove_files(*(getattr(one, "data_file", None) for one in objects))

    def remove_files(self, *names: str | None) -> None:
        """Files go after a while, for a reader may be about to open them; at once where room is
        short, for it is to make room that they are deleted."""
        for name in filter(None, names):
            self._replaced.append((time.monotonic(), name))
        with self._guard:  # else two threads look at one file and each take one off the queue
            self._remove_replaced()

    def copy(self, src_bucket: str, src_object: Any, dest_bucket: str, dest_object: Any) -> Any:
        with self.open(src_bucket, src_object) as source:
            copied = self.open(dest_bucket, dest_object, mode="w")
            try:
                copied.write(source)
            except BaseException as error:
                copied.__exit__(type(error))
                raise
        return copied

    def get_multipart(self, bucket: str, s3_multipart: Any) -> FileMultipart:
        return FileMultipart(self, bucket, s3_multipart)

    def remove_multipart(self, bucket: str, s3_multipart: Any) -> None:
        self.get_multipart(bucket, s3_multipart).close()

    def sweep(self, files_below: Callable[[str], set[str]], parts: set[str]) -> int:
        """Remove what earlier runs left that no metadata names: writes never acknowledged, and
        what was replaced. Folder by folder, so that it takes no memory; returns how many."""
        found = 0
        for folder in [entry.name for entry in os.scandir(self.folder) if entry.is_dir()]:
            if folder.startswith(RUN):
                continue
            names = {f"{folder}/{entry.name}" for entry in os.scandir(self.folder / folder)}
            orphans = names - parts - files_below(folder)
            self.remove_files(*orphans)
            found += len(orphans)
            if not names:
                (self.folder / folder).rmdir()
        LOG.info("S3 removes %d files that no object has", found)
        return found

    def _remove_replaced(self) -> None:
        grace = 0.0 if room.shortage(self.folder, room.RESERVE) else GRACE_SECONDS
        while self._replaced and time.monotonic() - self._replaced[0][0] >= grace:
            _, name = self._replaced.popleft()
            (self.folder / name).unlink(missing_ok=True)

    def _write_lock(self, bucket: str, key: str) -> _Lock:
        with self._guard:
            lock = self._locks.get((bucket, key)) or _Lock()
            self._locks[bucket, key] = lock
        lock.acquire()
        return lock


class _Lock:
    """Writers of one key take turns, which conditional writes rely on; gone when nobody writes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.acquire = self._lock.acquire
        self.release = self._lock.release


def new_name() -> str:
    """Of a file in a folder of this run, FOLDER_FILES to each, so that neighbours in time are
    neighbours in the index of names, and a sweep knows what may be in the making."""
    return f"{RUN}-{next(_numbers) // FOLDER_FILES:04x}/{uuid.uuid4().hex}"
