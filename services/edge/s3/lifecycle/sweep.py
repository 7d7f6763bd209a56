"""Carries out the lifecycle rules of buckets, each day after midnight UTC and when they change.

LocalStack keeps rules and tells when an object would expire; there none ever does
(localstack/services/s3/validation.py). What was to go while the edge was down goes at its start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from localstack.services.s3.models import S3DeleteMarker
from localstack.services.s3.provider import generate_version_id

from services.edge.s3.lifecycle import rules
from services.edge.s3.listings.pages import Entry
from services.edge.s3.storage.objects import Stored, Tags

LOG = logging.getLogger(__name__)
KEYS = 1000  # are read before others get their turn

Abort = Callable[[Any, Any], None]  # given a bucket and one of its uploads


class Sweep:
    """`buckets` gives those there are, LocalStack's S3Bucket over stored objects."""

    def __init__(self, stored: Stored, buckets: Callable[[], Iterable[Any]], abort: Abort) -> None:
        self._stored, self._buckets, self._abort = stored, buckets, abort
        self._done: dict[str, tuple[date, str]] = {}

    def look(self, now: datetime) -> None:
        """Of each bucket once a day, and again after its rules were changed."""
        for bucket in list(self._buckets()):
            wanted = (now.date(), repr(bucket.lifecycle_rules))
            if not bucket.lifecycle_rules or self._done.get(bucket.name) == wanted:
                continue
            self._done[bucket.name] = wanted
            try:
                gone = self.carry_out(bucket, now)
            except Exception:  # the others must be looked at
                LOG.exception("The lifecycle rules of %s were not carried out", bucket.name)
                continue
            if gone:
                LOG.info("Lifecycle rules of %s: %d versions have gone", bucket.name, gone)

    def carry_out(self, bucket: Any, now: datetime) -> int:
        """How many versions have ended."""
        gone = 0
        for versions in self._keys(bucket.name):
            found = rules.ended(bucket.lifecycle_rules, versions, self._tags(bucket), now)
            for end, entry in list(found):
                gone += self._end(bucket, end, entry)
        for upload in list(bucket.multiparts.values()):
            begun, key = upload.initiated, upload.object.key
            if rules.aborts(bucket.lifecycle_rules, key, begun, now):
                self._abort(bucket, upload)
        return gone

    def _keys(self, bucket: str) -> Iterator[list[Entry]]:
        """Of each key its versions, the latest first."""
        start: str | None = ""
        while start is not None:
            page, start = self._page(bucket, start)
            yield from page

    def _page(self, bucket: str, start: str) -> tuple[list[list[Entry]], str | None]:
        """Keys from one on, and from which on there are more."""
        page: list[list[Entry]] = []
        source = self._stored.metadata.versions(bucket, start, None)
        for key, versions in groupby(source, attrgetter("key")):
            if len(page) == KEYS:
                source.close()  # type: ignore[attr-defined]
                return page, key
            page.append(list(versions))
        return page, None

    def _tags(self, bucket: Any) -> rules.TagsOf:
        def of(entry: Entry) -> Tags:
            return self._stored.metadata.tags(_tag_name(bucket.name, entry)) or {}

        return of

    def _end(self, bucket: Any, end: rules.End, entry: Entry) -> bool:
        """False where the key has changed since it was looked at, or a lock keeps the version."""
        metadata, objects = self._stored.metadata, bucket.objects
        with metadata.alone():
            found = metadata.found(bucket.name, entry.key, entry.version)
            if found is None or found.position != entry.position:
                return False
            if end == "current" and not found.is_latest:
                return False
            if end == "current" and bucket.versioning_status:
                name = generate_version_id(bucket.versioning_status)
                objects.set(entry.key, S3DeleteMarker(entry.key, name))
                return True
            version = self._stored.loaded(found, entry.version)
            if version.is_locked():
                return False
            metadata.delete_object(bucket.name, entry.key, entry.version)
            metadata.save_tags(_tag_name(bucket.name, entry), None)
        self._stored.data.remove(bucket.name, version)
        return True


def _tag_name(bucket: str, entry: Entry) -> str:
    return f"{bucket}/{entry.key}/{entry.version}"
