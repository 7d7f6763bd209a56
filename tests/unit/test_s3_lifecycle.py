"""Lifecycle rules at a given time: what goes, what stays, and when the day is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.services.s3.models import S3DeleteMarker, S3Object

from services.edge.s3.lifecycle.sweep import Sweep
from services.edge.s3.storage.data import FileStore
from services.edge.s3.storage.metadata import Metadata
from services.edge.s3.storage.objects import Stored, StoredObjects, StoredVersions

BEGUN = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


class Shelf:
    """A bucket in a folder, whose objects are as old as a test says."""

    def __init__(self, folder, *, versioned: bool = False, **rule: Any) -> None:
        self.stored = Stored(Metadata(folder / "m.sqlite"), FileStore(folder / "data"))
        objects = (StoredVersions if versioned else StoredObjects)(self.stored, "b")
        self.aborted: list[str] = []
        self.bucket = SimpleNamespace(
            name="b",
            objects=objects,
            multiparts={},
            versioning_status="Enabled" if versioned else None,
            lifecycle_rules=[{"ID": "r", "Status": "Enabled", "Filter": {}, **rule}],
        )
        self.sweep = Sweep(
            self.stored, lambda: [self.bucket], lambda _, upload: self.aborted.append(upload.id)
        )

    def put(self, key: str, at: datetime, version: str | None = None, **named: Any) -> S3Object:
        found = S3Object(key=key, etag="e", size=named.pop("size", 1), version_id=version, **named)
        return self.add(found, at)

    def add(self, found: Any, at: datetime) -> Any:
        found.last_modified = at
        self.bucket.objects.set(found.key, found)
        return found

    def left(self, now: datetime) -> list[tuple[str, str]]:
        self.sweep.look(now)
        listed = self.stored.metadata.versions("b", "", None)
        return [(one.key, one.version) for one in listed]


def test_an_object_goes_at_the_midnight_after_its_days(tmp_path):
    shelf = Shelf(tmp_path, Expiration={"Days": 3}, Filter={"Prefix": "events/"})
    shelf.put("events/a", BEGUN)
    shelf.put("marketing/a", BEGUN)
    before = datetime(2026, 1, 18, 23, 59, 59, tzinfo=UTC)
    assert ("events/a", "null") in shelf.left(before)
    # AWS's own example: 3 days from 15 January 10:30 are over on 19 January 00:00.
    assert shelf.left(before + timedelta(seconds=1)) == [("marketing/a", "null")]


def test_an_object_that_was_put_again_begins_its_days_anew(tmp_path):
    shelf = Shelf(tmp_path, Expiration={"Days": 1})
    shelf.put("k", BEGUN)
    shelf.put("k", BEGUN + timedelta(days=1))
    assert shelf.left(datetime(2026, 1, 17, tzinfo=UTC)) == [("k", "null")]
    assert shelf.left(datetime(2026, 1, 18, tzinfo=UTC)) == []


def test_where_versions_are_kept_the_latest_is_hidden_and_goes_when_its_own_days_are_over(tmp_path):
    shelf = Shelf(
        tmp_path,
        versioned=True,
        Expiration={"Days": 1},
        NoncurrentVersionExpiration={"NoncurrentDays": 30},
    )
    shelf.put("k", BEGUN, "v1")
    marked = shelf.left(datetime(2026, 1, 17, tzinfo=UTC))
    assert [version for _, version in marked[1:]] == ["v1"]
    marker = shelf.bucket.objects.get("k")
    assert isinstance(marker, S3DeleteMarker)
    marker.last_modified = datetime(2026, 1, 17, tzinfo=UTC)
    shelf.stored.metadata.set_object("b", "k", marker.version_id, marker)
    assert len(shelf.left(datetime(2026, 2, 16, tzinfo=UTC))) == 2
    # 30 days after the marker was put the version goes, and with it what hid it.
    assert len(shelf.left(datetime(2026, 2, 17, tzinfo=UTC))) == 1
    assert shelf.left(datetime(2026, 2, 18, tzinfo=UTC)) == []


def test_so_many_newer_versions_are_kept_however_old(tmp_path):
    asked = {"NoncurrentDays": 1, "NewerNoncurrentVersions": 2}
    shelf = Shelf(tmp_path, versioned=True, NoncurrentVersionExpiration=asked)
    for number in range(5):
        shelf.put("k", BEGUN, f"v{number}")
    left = shelf.left(BEGUN + timedelta(days=100))
    assert [version for _, version in left] == ["v4", "v3", "v2"]


def test_a_marker_that_hides_nothing_goes_and_one_that_hides_a_version_stays(tmp_path):
    shelf = Shelf(tmp_path, versioned=True, Expiration={"ExpiredObjectDeleteMarker": True})
    shelf.add(S3DeleteMarker("alone", "m1"), BEGUN)
    shelf.put("hidden", BEGUN, "v1")
    shelf.add(S3DeleteMarker("hidden", "m2"), BEGUN)
    assert shelf.left(BEGUN) == [("hidden", "m2"), ("hidden", "v1")]


def test_a_version_under_a_legal_hold_stays(tmp_path):
    rule = {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    shelf = Shelf(tmp_path, versioned=True, **rule)
    held = shelf.put("k", BEGUN, "v1")
    held.lock_legal_status = "ON"
    shelf.add(held, BEGUN)
    shelf.put("k", BEGUN, "v2")
    assert len(shelf.left(BEGUN + timedelta(days=9))) == 2


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ({"ObjectSizeGreaterThan": 10}, ["large", "tagged"]),
        ({"ObjectSizeLessThan": 11}, ["small"]),
        ({"Tag": {"Key": "keep", "Value": "no"}}, ["tagged"]),
        ({"And": {"Prefix": "t", "ObjectSizeGreaterThan": 10}}, ["tagged"]),
        ({"And": {"Prefix": "l", "Tags": [{"Key": "keep", "Value": "no"}]}}, []),
    ],
)
def test_a_filter_chooses_by_prefix_size_and_tags(tmp_path, asked, goes):
    shelf = Shelf(tmp_path, Expiration={"Days": 1}, Filter=asked)
    for key, size in (("large", 11), ("small", 10), ("tagged", 11)):
        shelf.put(key, BEGUN, size=size)
    shelf.stored.metadata.save_tags("b/tagged/null", {"keep": "no"})
    left = [key for key, _ in shelf.left(BEGUN + timedelta(days=9))]
    assert left == [key for key in ("large", "small", "tagged") if key not in goes]


def test_uploads_that_nobody_ended_are_given_up(tmp_path):
    shelf = Shelf(tmp_path, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7})
    upload = SimpleNamespace(id="u", initiated=BEGUN, object=SimpleNamespace(key="k"))
    shelf.bucket.multiparts["u"] = upload
    shelf.left(datetime(2026, 1, 22, 23, tzinfo=UTC))
    assert shelf.aborted == []
    shelf.left(datetime(2026, 1, 23, tzinfo=UTC))
    assert shelf.aborted == ["u"]


def test_a_rule_that_is_off_does_nothing_and_more_than_a_page_of_keys_is_looked_at(tmp_path):
    shelf = Shelf(tmp_path, Expiration={"Days": 1}, Status="Disabled")
    for number in range(1001):
        shelf.put(f"{number:04}", BEGUN)
    assert len(shelf.left(BEGUN + timedelta(days=9))) == 1001
    shelf.bucket.lifecycle_rules[0]["Status"] = "Enabled"
    assert shelf.left(BEGUN + timedelta(days=9)) == []
