"""Which spend files a silver run reads."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lakehouse.marketing_objects import (
    Listing,
    SpendFile,
    changed_since,
    latest_days,
    list_spend_files,
)

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)


def spend_file(day, minutes_past_eleven=0):
    key = f"marketing/spend_date=2026-01-{day}.json"
    return SpendFile(key, NOON.replace(hour=11, minute=minutes_past_eleven))


def test_files_written_up_to_a_quarter_hour_before_the_watermark_are_read_again():
    listing = Listing(NOON, (spend_file(10, 44), spend_file(11, 45), spend_file(12, 59)))
    assert changed_since(listing, NOON) == [file.key for file in listing.files[1:]]


def test_a_first_run_reads_every_file():
    listing = Listing(NOON, (spend_file(10), spend_file(11)))
    assert changed_since(listing, None) == [file.key for file in listing.files]


def test_a_window_holds_the_greatest_dates_that_are_not_after_today():
    files = tuple(spend_file(day) for day in (17, 21, 19, 18, 10))
    keys = latest_days(
        Listing(NOON, (*files, SpendFile("marketing/x", NOON))), 2, date(2026, 1, 19)
    )
    assert sorted(keys) == [spend_file(18).key, spend_file(19).key]


def test_a_listing_starts_by_the_stores_clock_and_leaves_the_index_out():
    class S3:
        def get_paginator(self, _):
            return self

        def paginate(self, Bucket, Prefix):
            def page(date_header, *keys):
                return {
                    "ResponseMetadata": {"HTTPHeaders": {"date": date_header}},
                    "Contents": [{"Key": key, "LastModified": NOON} for key in keys],
                }

            first = page("Tue, 20 Jan 2026 12:00:00 GMT", "marketing/", "marketing/file_index.json")
            return [first, page("Tue, 20 Jan 2026 12:00:09 GMT", spend_file(19).key)]

    listing = list_spend_files(S3(), "bronze", "marketing/")
    assert listing == Listing(NOON, (SpendFile(spend_file(19).key, NOON),))
