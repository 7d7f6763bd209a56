"""Which bronze objects a run reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from lakehouse.bronze import ListedObject, Listing
from lakehouse.watermark import changed_since, latest_days

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)


def listing(*objects):
    return Listing(NOON, tuple(ListedObject(key, time) for key, time in objects))


def test_a_first_run_reads_everything():
    found = listing(("events/a", NOON - timedelta(days=900)), ("events/b", NOON))
    assert changed_since(found, None) == ["events/a", "events/b"]


def test_a_run_reads_what_came_since_a_quarter_of_an_hour_before_the_watermark():
    found = listing(
        ("events/event_date=2020-01-01/late", NOON + timedelta(seconds=1)),
        ("events/event_date=2026-01-20/just", NOON - timedelta(minutes=15)),
        ("events/event_date=2026-01-20/old", NOON - timedelta(minutes=15, seconds=1)),
    )
    assert changed_since(found, NOON) == [
        "events/event_date=2020-01-01/late",
        "events/event_date=2026-01-20/just",
    ]


def test_a_window_has_the_greatest_days_that_there_are_and_none_of_the_future():
    keys = [
        "events/event_date=2026-01-10/a",
        "events/event_date=2026-01-18/b",
        "events/event_date=2026-01-20/c",
        "events/event_date=2026-01-20/d",
        "events/event_date=2026-01-21/e",
        "events/event_date=2026-02-30/f",
        "events/event_date=unknown/g",
    ]
    found = listing(*((key, NOON) for key in keys))
    assert latest_days(found, 2, date(2026, 1, 20)) == keys[1:4]
    assert latest_days(found, 0, date(2026, 1, 20)) == []
    assert latest_days(found, 9, date(2026, 1, 20)) == keys[:4]


def test_the_days_of_spend_files_are_read_from_their_names():
    keys = [f"marketing/spend_date=2026-01-{day}.json" for day in (17, 21, 19, 18)]
    found = listing(*((key, NOON) for key in [*keys, "marketing/file_index.json"]))
    assert latest_days(found, 2, date(2026, 1, 19)) == [keys[2], keys[3]]
