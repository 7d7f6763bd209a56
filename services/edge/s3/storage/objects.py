"""The objects of a bucket as LocalStack's provider asks for them: each read from SQLite by its key.

An object that a changing call reads is one and the same until the call ends, for the provider
changes it in place; what has changed is then written (models.KeyStore would have it in memory).
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from localstack.services.s3 import models

from services.edge.s3.listings.pages import Entry
from services.edge.s3.storage.data import FileStore
from services.edge.s3.storage.metadata import Found, Metadata
from services.edge.s3.storage.tables import NULL_VERSION

Tags = dict[str, str]


class Call:
    """What one changing call has read, and the tags it leaves; the tags are written at its end,
    for LocalStack removes the old ones before it sets the new ones."""

    def __init__(self) -> None:
        self.read: dict[int, tuple[bytes, Any]] = {}
        self.tags: dict[str, Tags | None] = {}


class Stored(threading.local):
    """Where the objects are, and the changing call of this thread if there is one."""

    def __init__(self, metadata: Metadata, data: FileStore) -> None:
        self.metadata, self.data = metadata, data
        self.call: Call | None = None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Around a call; one within another belongs to it."""
        if self.call is not None:
            yield
            return
        self.call = Call()
        try:
            yield
            self._write(self.call)
        finally:
            self.call = None

    def loaded(self, found: Found, version_id: str | None) -> Any:
        if self.call and found.position in self.call.read:
            return self.call.read[found.position][1]
        s3_object = self.metadata.loaded(found.document)
        s3_object.version_id, s3_object.is_current = version_id, found.is_latest
        if self.call:
            self.call.read[found.position] = (pickle.dumps(s3_object), s3_object)
        return s3_object

    def _write(self, call: Call) -> None:
        for position, (before, s3_object) in call.read.items():
            if pickle.dumps(s3_object) != before:
                self.metadata.change_object(position, s3_object)
        for name, tags in call.tags.items():
            self.metadata.save_tags(name, tags)


class _Objects:
    """What key stores with and without versions have in common."""

    def __init__(self, stored: Stored, bucket: str) -> None:
        self.stored, self.bucket = stored, bucket

    def current(self, start: str, end: str | None) -> Iterator[Entry]:
        return self.stored.metadata.current(self.bucket, start, end)

    def versions(self, start: str, end: str | None) -> Iterator[Entry]:
        return self.stored.metadata.versions(self.bucket, start, end)

    def is_empty(self) -> bool:
        return self.stored.metadata.is_empty(self.bucket)

    def __contains__(self, key: str) -> bool:
        return self.stored.metadata.has_key(self.bucket, key)

    def values(self, with_versions: bool = False) -> list[Any]:
        listed = self.versions("", None) if with_versions else self.current("", None)
        return [self._get(entry.key, entry.version) for entry in list(listed)]

    def _get(self, key: str, version: str | None) -> Any:
        found = self.stored.metadata.found(self.bucket, key, version)
        if found is None:
            return None
        return self.stored.loaded(found, self._version_id(found))

    def _version_id(self, found: Found) -> str | None:
        return found.version

    def _set(self, key: str, version: str, s3_object: Any) -> None:
        if replaced := self.stored.metadata.set_object(self.bucket, key, version, s3_object):
            self.stored.data.remove_files(replaced)

    def _pop(self, key: str, version: str) -> Any:
        s3_object = self._get(key, version)
        self.stored.metadata.delete_object(self.bucket, key, version)
        return s3_object


class StoredObjects(_Objects, models.KeyStore):  # type: ignore[misc]
    """Those of a bucket without versions; in the tables each is the version that S3 calls null."""

    def get(self, object_key: str) -> Any:
        return self._get(object_key, None)

    def set(self, object_key: str, s3_object: Any) -> None:
        self._set(object_key, NULL_VERSION, s3_object)

    def pop(self, object_key: str, default: Any = None) -> Any:
        return self._pop(object_key, NULL_VERSION) or default

    def _version_id(self, found: Found) -> str | None:  # noqa: ARG002 - no version has a name
        return None


class StoredVersions(_Objects, models.VersionedKeyStore):  # type: ignore[misc]
    """Those of a bucket whose versioning has begun."""

    @classmethod
    def from_key_store(cls, keystore: StoredObjects) -> StoredVersions:
        return cls(keystore.stored, keystore.bucket)

    def get(self, object_key: str, version_id: str | None = None) -> Any:
        return self._get(object_key, version_id)

    def set(self, object_key: str, s3_object: Any) -> None:
        """The latest of its key, also where it replaces the null version of before."""
        self._set(object_key, s3_object.version_id or NULL_VERSION, s3_object)

    def pop(self, object_key: str, version_id: str | None = None, default: Any = None) -> Any:
        return self._pop(object_key, version_id or NULL_VERSION) or default
