"""Timestamps as Calendly writes them, and everything that only looks like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lakehouse.instants import instant, instant_in_utc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-16T10:00:00Z", datetime(2026, 1, 16, 10, tzinfo=UTC)),
        ("2026-01-16T10:00:00.5Z", datetime(2026, 1, 16, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-16T10:00:00.000001Z", datetime(2026, 1, 16, 10, 0, 0, 1, tzinfo=UTC)),
        ("2026-01-16T23:30:00-05:00", datetime(2026, 1, 17, 4, 30, tzinfo=UTC)),
        ("2026-01-16T01:00:00+05:30", datetime(2026, 1, 15, 19, 30, tzinfo=UTC)),
        ("2024-02-29T00:00:00+00:00", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_the_moment_it_names_in_utc(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-01-16",
        "2026-01-16T10:00:00",
        "2026-01-16 10:00:00Z",
        "2026-01-16t10:00:00Z",
        "2026-01-16T10:00Z",
        "2026-01-16T10:00:00.Z",
        "2026-01-16T10:00:00.1234567Z",
        "2026-01-16T10:00:00z",
        "2026-01-16T10:00:00+0100",
        "2026-01-16T10:00:00Z\n",
        " 2026-01-16T10:00:00Z",
        "٢٠٢٦-01-16T10:00:00Z",
        "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-01-16T24:00:00Z",
        "2026-01-16T10:00:60Z",
        "2026-01-16T10:00:00+24:00",
        "2026-01-16T10:00:00+10:60",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    ],
)
def test_other_forms_and_unreal_times_are_no_moment(text):
    assert instant(text) is None


def test_only_the_ingestion_time_may_leave_its_zone_out():
    assert instant_in_utc("2026-01-16T10:00:00.25") == datetime(
        2026, 1, 16, 10, 0, 0, 250_000, tzinfo=UTC
    )
    assert instant_in_utc("2026-01-16T10:00:00+01:00") == datetime(2026, 1, 16, 9, tzinfo=UTC)
