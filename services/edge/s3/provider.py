"""LocalStack's S3 provider on files and SQLite: what it has answered is there after a restart."""

from __future__ import annotations

import functools
import logging
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localstack.aws.connect import connect_to
from localstack.constants import AWS_REGION_US_EAST_1, DEFAULT_AWS_ACCOUNT_ID
from localstack.services.s3 import models
from localstack.services.s3 import provider as s3
from localstack.utils.aws import arns

from services.edge.s3.lifecycle.sweep import Sweep
from services.edge.s3.listings.operations import Listings
from services.edge.s3.storage.data import GRACE_SECONDS, FileStore
from services.edge.s3.storage.metadata import Metadata
from services.edge.s3.storage.objects import Stored, StoredObjects, StoredVersions
from services.edge.s3.storage.tags import Tagging
from services.edge.store.database import DamagedFileError

LOG = logging.getLogger(__name__)
SWEEP_SECONDS = 5.0
LIFECYCLE_SECONDS = 2.0  # after which changed rules are seen
CHANGES = (
    *("abort_", "complete_", "copy_", "create_", "delete_"),
    *("post_", "put_", "restore_", "upload_"),
)


class _Forgetful(dict[str, Any]):
    """LocalStack keeps an expiration for each object that was read, for ever; it is soon told."""

    def __setitem__(self, name: str, value: Any) -> None:
        pass

    def __missing__(self, name: str) -> _Forgetful:
        return self


class DurableS3Provider(Listings, s3.S3Provider):  # type: ignore[misc]
    """Loads its buckets when it is made; saves after each changing call, before its answer."""

    def __init__(self, folder: Path) -> None:
        self._metadata = Metadata(folder / "metadata.sqlite")
        self._data = FileStore(folder / "data")
        self._stored = Stored(self._metadata, self._data)
        self._saved: dict[str, bytes] = {}
        self._guard = threading.Lock()
        super().__init__(storage_backend=self._data)
        self._expiration_cache = _Forgetful()
        s3.VersionedKeyStore = StoredVersions
        s3.S3Bucket = self._new_bucket
        s3.s3_stores[DEFAULT_AWS_ACCOUNT_ID][AWS_REGION_US_EAST_1].TAGS = Tagging(self._stored)
        self._parts = self._load()
        for work in (self._check, self._sweep, self._expire, self._metadata.checkpoint):
            threading.Thread(target=work, name="s3-after-start", daemon=True).start()

    def save(self, context: Any) -> None:
        """Bring what a changing call made of its bucket to disk."""
        name = context.service_request["Bucket"]
        with self._guard:  # else one that deletes a bucket deletes what another makes of its name
            bucket = self._bucket(name)
            if bucket is None:
                if self._saved.pop(name, None):
                    arn = arns.s3_bucket_arn(name, region=context.region)
                    self._metadata.delete_bucket(name, arn)
                return
            document = pickle.dumps(_attributes(bucket))
            if document != self._saved.get(name):
                self._metadata.save_bucket(name, document)
                self._saved[name] = document

    def _check(self) -> None:
        try:
            self._metadata.check()
        except DamagedFileError as error:
            LOG.critical("%s", error)

    def _sweep(self) -> None:
        self._data.sweep(self._metadata.files_below, self._parts)
        while True:
            time.sleep(SWEEP_SECONDS)
            self._data.remove_older(GRACE_SECONDS)

    def _expire(self) -> None:
        sweep = Sweep(self._stored, self._buckets, _abort)
        while True:
            time.sleep(LIFECYCLE_SECONDS)
            sweep.look(datetime.now(UTC))

    def _buckets(self) -> Iterator[Any]:
        for account in list(s3.s3_stores.values()):
            for store in list(account.values()):
                yield from list(store.buckets.values())

    def _bucket(self, name: str) -> Any:
        for account in s3.s3_stores.values():
            for store in account.values():
                if name in store.buckets:
                    return store.buckets[name]
        return None

    def _new_bucket(self, *arguments: Any, **named: Any) -> Any:
        """One that keeps its objects from the first moment on, before anyone else sees it."""
        bucket = models.S3Bucket(*arguments, **named)
        versioned = isinstance(bucket.objects, models.VersionedKeyStore)
        self._metadata.delete_bucket(bucket.name, bucket.bucket_arn)  # if it was never acknowledged
        bucket.objects = (StoredVersions if versioned else StoredObjects)(self._stored, bucket.name)
        return bucket

    def _load(self) -> set[str]:
        """Make the buckets; returns the data files of uploads that go on."""
        files: set[str] = set()
        for name, document in self._metadata.buckets():
            self._saved[name] = document
            attributes = self._metadata.loaded(document)
            bucket = models.S3Bucket.__new__(models.S3Bucket)
            kind = StoredVersions if attributes.pop("objects") else StoredObjects
            vars(bucket).update(attributes)
            bucket.objects = kind(self._stored, name)
            for upload in bucket.multiparts.values():
                files.update(getattr(part, "data_file", "") for part in upload.parts.values())
            store = s3.s3_stores[bucket.bucket_account_id][bucket.bucket_region]
            store.buckets[name] = bucket
            store.global_bucket_map[name] = bucket.bucket_account_id
        LOG.info("S3 has %d buckets", len(self._saved))
        return files


def _abort(bucket: Any, upload: Any) -> None:
    """By a call like any other: an upload is in its bucket's document."""
    place = {"aws_access_key_id": bucket.bucket_account_id, "region_name": bucket.bucket_region}
    connect_to(**place).s3.abort_multipart_upload(
        Bucket=bucket.name, Key=upload.object.key, UploadId=upload.id
    )


def _attributes(bucket: Any) -> dict[str, Any]:
    """The bucket without its objects, but with what kind of key store it has."""
    versioned = isinstance(bucket.objects, models.VersionedKeyStore)
    return {**vars(bucket), "objects": versioned}


def _saving(operation: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(operation)
    def saved(self: DurableS3Provider, context: Any, *args: Any, **kwargs: Any) -> Any:
        with self._stored.changing():
            answer = operation(self, context, *args, **kwargs)
            if name != "put_object":  # it leaves its bucket as it was
                self.save(context)
        return answer

    return saved


for _name in dir(s3.S3Provider):
    if _name.startswith(CHANGES) and callable(getattr(s3.S3Provider, _name)):
        setattr(DurableS3Provider, _name, _saving(getattr(s3.S3Provider, _name), _name))
