"""One file of object data: written once under a name of its own, and read whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Literal

from localstack.aws.api import CommonServiceException
from localstack.services.s3.constants import S3_CHUNK_SIZE
from localstack.services.s3.storage.core import S3StoredObject
from localstack.services.s3.utils import get_s3_checksum

RUN = f"{time.time_ns():x}"
FOLDER_FILES = 4096
_numbers = count(1)


class FileObject(S3StoredObject):  # type: ignore[misc]
    """Data of an object or part; `s3_object.data_file` names its file below the data folder."""

    def __init__(
        self, s3_object: Any, folder: str, mode: Literal["r", "w"], lock: Any = None
    ) -> None:
        super().__init__(s3_object, mode)
        self.closed = False
        self._size = 0  # of what was written
        self._lock = lock
        self._etag: str | None = None
        self._checksum: Any = None
        if mode == "w":
            s3_object.data_file = new_name()
        self._path = f"{folder}/{getattr(s3_object, 'data_file', 'never written')}"
        self._file = self._open()

    def write(self, stream: Any) -> int:
        if self._size:  # a file cut to nothing is brought to the device when it is closed
            self._file.seek(0)
            self.truncate(0)
        digest = hashlib.md5(usedforsecurity=False)
        checksum = self._new_checksum()
        while stream is not None and (data := stream.read(S3_CHUNK_SIZE)):
            self._put(data)
            digest.update(data)
            if checksum:
                checksum.update(data)
        self._etag = self.s3_object.etag = digest.hexdigest()
        self._checksum = checksum
        self._written()
        self._file.seek(0)
        return self._size

    def append(self, part: S3StoredObject) -> int:
        written = 0
        while data := part.read(S3_CHUNK_SIZE):
            written += self._put(data)
        self._written()
        return written

    def truncate(self, size: int | None = None) -> int:
        self._size = self._file.truncate(size)
        return self._size

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
            Path(self._path).unlink(missing_ok=True)

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

    def _open(self) -> io.FileIO:
        try:
            if self._mode == "w":
                return self._created()
            return self._whole(io.FileIO(self._path))
        except OSError as error:
            if self._lock is not None:
                self._lock.release()
            if self._mode == "w" or not isinstance(error, FileNotFoundError | IsADirectoryError):
                raise
            raise self._damaged("none") from error

    def _created(self) -> io.FileIO:
        try:
            return io.FileIO(self._path, "x+")
        except FileNotFoundError:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
            return io.FileIO(self._path, "x+")

    def _whole(self, file: io.FileIO) -> io.FileIO:
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

    def _put(self, data: bytes) -> int:
        """To the operating system at once: it outlives this process."""
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        self._size += len(data)
        return len(data)

    def _written(self) -> None:
        self.s3_object.size = self._size
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


def new_name() -> str:
    """Of a file in a folder of this run, FOLDER_FILES to each, so that neighbours in time are
    neighbours in the index of names, and a sweep knows what may be in the making."""
    number = next(_numbers)
    return f"{RUN}-{number // FOLDER_FILES:04x}/{number:x}"
