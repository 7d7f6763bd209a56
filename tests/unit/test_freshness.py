"""Whether a table of gold is behind silver: by its commit, or by what a run confirmed of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from pipeline.delta_versions import Version
from pipeline.freshness import Freshness, Source, Table, source, table
from pipeline.lineage import commit
from tests.support.dictionary_s3 import DictionaryS3

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)
CPB = "gold_cpb_by_channel"


def made(name: str, number: int, **sources: int):
    note = {source: {"version": version, "etag": "e"} for source, version in sources.items()}
    return commit(name, Version(number, NOON, "WRITE", json.dumps(note)))


def judged(bookings: int, confirmed: dict | None = None) -> Table:
    newest = {CPB: made(CPB, 4, fact_bookings=6), "fact_bookings": made("fact_bookings", bookings)}
    return table(CPB, newest, confirmed)


def test_gold_is_behind_when_silver_has_a_later_version():
    assert judged(6).behind == ()
    assert judged(8).behind == (("fact_bookings", 6, 8),)


def test_what_a_run_found_right_is_not_behind_without_a_commit_of_its_own():
    sources = json.dumps({"fact_bookings": {"version": 8, "etag": "e"}, "code": "c"})
    assert judged(8, {"commit": {"version": 4, "etag": "e"}, "sources": sources}).behind == ()
    # The confirmation is of that commit, and of no other.
    stale = {"commit": {"version": 3, "etag": "e"}, "sources": sources}
    assert judged(8, stale).behind == (("fact_bookings", 6, 8),)


def test_a_lake_is_behind_with_objects_that_wait_or_tables_that_are_missing():
    done = Source("events/", 3, NOON, 0)
    assert not Freshness((done,), (judged(6),)).is_behind
    assert Freshness((Source("events/", 3, NOON, 1),), (judged(6),)).is_behind
    assert Freshness((done,), (Table(CPB, None, None),)).is_behind


def test_of_too_many_objects_only_those_of_the_newest_days_are_listed():
    """A page has two objects; the day that goes beyond is not read to its end."""
    s3 = DictionaryS3(
        {f"events/event_date=2026-01-{d}/{n}": b"" for d in (18, 19, 20) for n in "abc"}
    )
    s3.objects["events/event_date=unknown/a"] = s3.objects["events/loose"] = b""
    newest = s3.times["events/event_date=2026-01-19/a"] = NOON + timedelta(minutes=1)
    assert source(s3, "b", "events/", NOON) == Source("events/", 11, newest, 1)
    assert source(s3, "b", "events/", None, most=6) == Source("events/", 7, newest, 7, False)
    assert source(s3, "b", "events/", NOON, most=4) == Source("events/", 4, NOON, 0, False)
    assert source(s3, "b", "marketing/", None) == Source("marketing/", 0, None, 0)
