"""Headline numbers, dashes, tables of HTML, dates that follow the data, and typed tables."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from dashboard import data, figures
from dashboard.overview import cards, charts, filters, summary
from dashboard.overview.queries import ChannelTotal, MeetingLoad

FACEBOOK = ChannelTotal("facebook", 4, 100.0, 25.0, 1, 2)
TIKTOK = ChannelTotal("tiktok", 0, 12.5, 0.0, 2, 1)


def test_summary_adds_channels_and_divides_all_spend_by_all_bookings():
    numbers = summary.summary([FACEBOOK, TIKTOK])
    assert numbers == summary.Summary(4, 112.5, 28.125, {"facebook": 1.0, "tiktok": 0.0})


def test_cost_without_bookings_has_no_meaning():
    assert summary.summary([TIKTOK]) == summary.Summary(0, 12.5, None, {})
    assert summary.cost(TIKTOK) is None
    assert summary.cost(FACEBOOK) == 25.0


def test_summary_of_an_employee_has_no_spend():
    numbers = summary.summary([ChannelTotal("facebook", 2, None, None, 1, None)])
    assert numbers == summary.Summary(2, None, None, {"facebook": 1.0})


def test_channels_that_cost_money_and_brought_nothing_are_found():
    quiet = ChannelTotal("others", 0, 0.0, 0.0, 2, 1)
    assert summary.spend_without_bookings([FACEBOOK, TIKTOK, quiet]) == [TIKTOK]


@pytest.mark.parametrize(
    ("amount", "text"), [(None, "–"), (0.0, "$0.00"), (20260.42, "$20,260.42")]
)
def test_money_is_written_with_cents_and_a_dash_for_nothing(amount, text):
    assert figures.money(amount) == text


def test_attribution_has_a_dash_for_cost_and_its_rank_without_bookings():
    table = cards.attribution([TIKTOK], charts.colours([]))
    assert "<td>$12.50</td><td>–</td><td>2</td><td>–</td></tr></tbody>" in table


def test_text_from_data_is_escaped():
    total = ChannelTotal("<script>", 1, 1.0, 1.0, 1, 1)
    assert "<script>" not in cards.attribution([total], charts.colours(["<script>"]))


def test_a_new_channel_has_a_colour_of_its_own_and_the_known_ones_keep_theirs():
    colours = charts.colours(["youtube", "podcast", "radio"])
    assert {name: colours[name] for name in charts.COLOURS} == charts.COLOURS
    assert len(set(colours.values())) == 6


def test_meeting_load_draws_the_fifteen_with_the_most():
    rows = [MeetingLoad(f"member-{n:02}", 100 - n) for n in range(40)]
    document = charts.meeting_load(rows).to_dict()
    (values,) = document["datasets"].values()
    assert [row["user_id"] for row in values] == [f"member-{n:02}" for n in range(15)]


BOUNDS = (date(2026, 1, 1), date(2026, 1, 9))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (None, None, BOUNDS),
        ("2026-01-02", "2026-01-05", (date(2026, 1, 2), date(2026, 1, 5))),
        ("2025-12-24", "2026-01-05", (date(2026, 1, 1), date(2026, 1, 5))),
        ("2026-01-05", "2026-01-02", BOUNDS),
        ("2027-01-01", None, BOUNDS),
        ("yesterday", "", BOUNDS),
    ],
)
def test_days_of_the_url_stay_inside_the_data_s(first, last, days):
    assert filters.days(first, last, BOUNDS) == days


def test_times_with_a_zone_become_naive_utc_whatever_zone_they_have():
    start = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
    rows = pa.table({"at": pa.array([start], pa.timestamp("us", "America/New_York"))})
    typed = data.with_schema(rows, pa.schema([("at", pa.timestamp("us"))]))
    assert typed["at"].to_pylist() == [datetime(2026, 1, 14, 23, 30)]


def test_a_table_that_is_not_there_is_an_empty_one():
    connection = data.database({})
    for name in data.SOURCES:
        (count,) = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
        assert count == 0


def test_data_is_as_of_the_last_commit_in_gold():
    committed = {
        "gold_booking_metrics": datetime(2026, 1, 9, 8, tzinfo=UTC),
        "gold_cpb_by_channel": datetime(2026, 1, 10, 7, 5, 3, tzinfo=UTC),
        "fact_bookings": datetime(2026, 1, 11, tzinfo=UTC),
    }
    assert data.as_of(committed) == "10 Jan 2026, 07:05:03 UTC"
