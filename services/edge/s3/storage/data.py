"""Object data of S3 in files: every write makes a new file, and the object's metadata names it."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from weakref import WeakValueDictionary

from localstack.services.s3.storage.core import (
    LimitedStream,
    S3ObjectStore,
    S3StoredMultipart,
)

from services.edge.s3.storage.files import RUN, FileObject
from services.edge.store import disk_space

LOG = logging.getLogger(__name__)
GRACE_SECONDS = 60.0  # a reader may have looked up the metadata of a file just replaced


class FileMultipart(S3StoredMultipart):  # type: ignore[misc]
    """The parts of an upload; which there are is known by the upload's metadata alone."""

    def __init__(self, store: FileStore, bucket: str, s3_multipart: Any) -> None:
        super().__init__(store, bucket, s3_multipart)
        self._folder = store.root_directory

    def open(self, s3_part: Any, mode: Literal["r", "w"] = "r") -> FileObject:
        return FileObject(s3_part, self._folder, mode)

    def remove_part(self, s3_part: Any) -> None:
        Path(f"{self._folder}/{s3_part.data_file}").unlink(missing_ok=True)

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
        self._guard, self._sweeping = threading.Lock(), threading.Lock()
        self._replaced: deque[tuple[float, str]] = deque()

    def open(self, bucket: str, s3_object: Any, mode: Literal["r", "w"] = "r") -> FileObject:
        lock = self._write_lock(bucket, s3_object.key) if mode == "w" else None
        return FileObject(s3_object, self.root_directory, mode, lock)

    def remove(self, bucket: str, s3_object: Any) -> None:  # noqa: ARG002 - the seam's
        objects = s3_object if isinstance(s3_object, list) else [s3_object]
        self.remove_files(*(getattr(one, "data_file", None) for one in objects))

    def remove_files(self, *names: str | None) -> None:
        """Files go after a while, for a reader may be about to open them; at once where room is
        short, for it is to make room that they are deleted."""
        self._replaced.extend((time.monotonic(), name) for name in filter(None, names))
        if disk_space.shortage(self.folder, disk_space.RESERVE):
            self.remove_older(0.0)

    def remove_older(self, seconds: float) -> None:
        """Remove the files that were given up so long ago; no caller waits for the disk here."""
        with self._sweeping:  # else two threads look at one file and each take one off the queue
            while self._replaced and time.monotonic() - self._replaced[0][0] >= seconds:
                Path(f"{self.root_directory}/{self._replaced.popleft()[1]}").unlink(missing_ok=True)

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
