"""LocalStack's S3 provider on files and SQLite: what it has answered is there after a restart."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localstack.services.s3 import models
from localstack.services.s3 import provider as s3
from localstack.services.s3.utils import get_unique_key_id

from services.edge.store.s3_data import FileStore
from services.edge.store.s3_metadata import Metadata

LOG = logging.getLogger(__name__)
CHANGES = (
    *("abort_", "complete_", "copy_", "create_", "delete_"),
    *("post_", "put_", "restore_", "upload_"),
)


class _KeyStore(models.KeyStore):  # type: ignore[misc]
    """Objects of a bucket without versions; each change is on disk before it is in memory."""

    def __init__(self, metadata: Metadata, data: FileStore, bucket: str) -> None:
        super().__init__()
        self.metadata, self.data, self.bucket = metadata, data, bucket

    def set(self, object_key: str, s3_object: Any) -> None:
        self.metadata.save_object(self.bucket, object_key, None, s3_object)
        replaced = self._store.get(object_key)
        super().set(object_key, s3_object)
        if replaced is not None and replaced is not s3_object:
            self.data.remove(self.bucket, replaced)

    def load(self, object_key: str, s3_object: Any) -> None:
        super().set(object_key, s3_object)

    def pop(self, object_key: str, default: Any = None) -> Any:
        self.metadata.delete_object(self.bucket, object_key, None)
        return super().pop(object_key, default)


class _VersionedKeyStore(models.VersionedKeyStore):  # type: ignore[misc]
    """The same with versions."""

    def __init__(self, metadata: Metadata, data: FileStore, bucket: str) -> None:
        super().__init__()
        self.metadata, self.data, self.bucket = metadata, data, bucket

    def set(self, object_key: str, s3_object: Any) -> None:
        self.metadata.save_object(self.bucket, object_key, s3_object.version_id, s3_object)
        replaced = self._store.get(object_key, {}).get(s3_object.version_id)
        super().set(object_key, s3_object)
        if replaced is not None and replaced is not s3_object:
            self.data.remove(self.bucket, replaced)

    def load(self, object_key: str, s3_object: Any) -> None:
        super().set(object_key, s3_object)
        s3_object.is_current = True

    def pop(self, object_key: str, version_id: str | None = None, default: Any = None) -> Any:
        self.metadata.delete_object(self.bucket, object_key, version_id)
        return super().pop(object_key, version_id, default)


class DurableS3Provider(s3.S3Provider):  # type: ignore[misc]
    """Loads what is on disk when it is made; saves after each changing call, before its answer."""

    def __init__(self, folder: Path) -> None:
        self._metadata = Metadata(folder / "metadata.sqlite")
        self._data = FileStore(folder / "data")
        super().__init__(storage_backend=self._data)
        self._load()

    def save(self, request: dict[str, Any], answer: dict[str, Any]) -> None:
        """Bring what a changing call touched to disk; objects came there by their key store."""
        name = request["Bucket"]
        bucket = self._bucket(name)
        if bucket is None:
            self._metadata.delete_bucket(name)
            return
        if not isinstance(bucket.objects, (_KeyStore, _VersionedKeyStore)):
            self._adopt(bucket)
        self._metadata.save_bucket(name, _attributes(bucket))
        self._save_tags(bucket, bucket.bucket_arn)
        if key := request.get("Key"):
            self._save_object(bucket, key, request.get("VersionId") or answer.get("VersionId"))

    def save_tags_of(self, request: dict[str, Any], answer: dict[str, Any]) -> None:
        """The little that is left after a PutObject: its tags, or that it has none any more."""
        if bucket := self._bucket(request["Bucket"]):
            name = get_unique_key_id(bucket.name, request["Key"], answer.get("VersionId"))
            self._save_tags(bucket, name)

    def _save_object(self, bucket: Any, key: str, version: str | None) -> None:
        versioned = isinstance(bucket.objects, _VersionedKeyStore)
        found = bucket.objects.get(key, version) if versioned else bucket.objects.get(key)
        identity = found.version_id if found is not None and versioned else None
        if found is not None:
            self._metadata.save_object(bucket.name, key, identity, found)
        self._save_tags(bucket, get_unique_key_id(bucket.name, key, version or identity))

    def _save_tags(self, bucket: Any, name: str) -> None:
        store = s3.s3_stores[bucket.bucket_account_id][bucket.bucket_region]
        tags = store.TAGS.tags.get(name)
        if tags != self._saved_tags.get(name):
            self._metadata.save_tags(name, tags)
            self._saved_tags[name] = dict(tags or {})

    def _bucket(self, name: str) -> Any:
        for account in s3.s3_stores.values():
            for store in account.values():
                if name in store.buckets:
                    return store.buckets[name]
        return None

    def _adopt(self, bucket: Any) -> None:
        """Give a new bucket, or one whose versioning has begun, a key store that writes."""
        known = bucket.objects
        versioned = isinstance(known, models.VersionedKeyStore)
        kind = _VersionedKeyStore if versioned else _KeyStore
        bucket.objects = kind(self._metadata, self._data, bucket.name)
        bucket.objects._store.update(known._store)
        if versioned:
            self._metadata.version_objects(bucket.name)
            for s3_object in known.values(with_versions=True):
                self._metadata.save_object(
                    bucket.name, s3_object.key, s3_object.version_id, s3_object
                )

    def _load(self) -> None:
        self._saved_tags: dict[str, dict[str, str]] = dict(self._metadata.tags())
        count, files = 0, set()
        for name, attributes in self._metadata.buckets():
            bucket = models.S3Bucket.__new__(models.S3Bucket)
            versioned = attributes.pop("objects")
            vars(bucket).update(attributes)
            kind = _VersionedKeyStore if versioned else _KeyStore
            bucket.objects = kind(self._metadata, self._data, name)
            for key, s3_object in self._metadata.objects(name):
                bucket.objects.load(key, s3_object)
                files.add(getattr(s3_object, "data_file", ""))
                count += 1
            for upload in bucket.multiparts.values():
                files.update(getattr(part, "data_file", "") for part in upload.parts.values())
            self._register(bucket)
        orphans = self._data.keep_only(files)
        LOG.info("S3 has %d objects; removed %d files never acknowledged", count, orphans)

    def _register(self, bucket: Any) -> None:
        store = s3.s3_stores[bucket.bucket_account_id][bucket.bucket_region]
        store.buckets[bucket.name] = bucket
        store.global_bucket_map[bucket.name] = bucket.bucket_account_id
        for name, tags in self._saved_tags.items():
            if name == bucket.bucket_arn or name.startswith(f"{bucket.name}/"):
                store.TAGS.tags[name] = dict(tags)


def _attributes(bucket: Any) -> dict[str, Any]:
    """The bucket without its objects, but with what kind of key store it has."""
    versioned = isinstance(bucket.objects, models.VersionedKeyStore)
    return {**vars(bucket), "objects": versioned}


def _saving(operation: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(operation)
    def saved(self: DurableS3Provider, context: Any, *args: Any, **kwargs: Any) -> Any:
        answer = operation(self, context, *args, **kwargs)
        save = self.save_tags_of if name == "put_object" else self.save
        save(context.service_request, answer or {})
        return answer

    return saved


for _name in dir(s3.S3Provider):
    if _name.startswith(CHANGES) and callable(getattr(s3.S3Provider, _name)):
        setattr(DurableS3Provider, _name, _saving(getattr(s3.S3Provider, _name), _name))
