"""Reading bronze: what S3 answers, and what a run makes of it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError
from lakehouse import bronze

T = datetime(2026, 1, 20, 12, tzinfo=UTC)


class Store:
    """An S3 client over a dictionary, with pages of two keys."""

    def __init__(self, objects, failing=()):
        self.objects, self.failing = dict(objects), failing

    def get_paginator(self, operation):
        assert operation == "list_objects_v2"
        return self

    def paginate(self, Bucket, Prefix):
        keys = sorted(k for k in self.objects if k.startswith(Prefix))
        for second, start in enumerate(range(0, max(1, len(keys)), 2)):
            headers = {"date": f"Tue, 20 Jan 2026 12:00:{second:02} GMT"}
            page = {"ResponseMetadata": {"HTTPHeaders": headers}}
            if contents := [{"Key": k, "LastModified": T} for k in keys[start : start + 2]]:
                page["Contents"] = contents
            yield page

    def get_object(self, Bucket, Key):
        if Key in self.failing:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[Key])}

    def put_object(self, Bucket, Key, Body, ContentType):
        self.objects[Key] = Body


def test_a_listing_has_every_page_without_folders_and_starts_by_the_clock_of_s3():
    keys = [f"events/{n}" for n in range(5)]
    found = bronze.list_objects(Store({k: b"" for k in [*keys, "events/", "x"]}), "b", "events/")
    assert [item.key for item in found.objects] == keys
    assert found.started == T


def test_an_empty_bucket_lists_nothing():
    assert bronze.list_objects(Store({}), "b", "events/") == bronze.Listing(T, ())


def test_an_object_that_vanished_after_the_listing_has_no_bytes(monkeypatch):
    monkeypatch.setattr(bronze, "s3_client", lambda: Store({"a": b"1", "c": b"3"}))
    assert list(bronze.read_objects("b", ["a", "b", "c"])) == [
        ("a", b"1"),
        ("b", None),
        ("c", b"3"),
    ]


def test_any_other_failure_to_read_stops_the_run(monkeypatch):
    monkeypatch.setattr(bronze, "s3_client", lambda: Store({"a": b"1"}, failing=("b",)))
    with pytest.raises(ClientError, match="AccessDenied"):
        list(bronze.read_objects("b", ["a", "b"]))


def test_the_watermark_is_read_back_and_absent_before_the_first_run():
    store = Store({})
    assert bronze.read_watermark(store, "silver", "w") is None
    bronze.store_watermark(store, "silver", "w", T)
    assert bronze.read_watermark(store, "silver", "w") == T
