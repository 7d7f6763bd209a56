"""Each number of the overview is a number of gold, and opens just the bookings that gold counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable

from dashboard.overview import queries, summary
from dashboard.overview.queries import Filters
from pipeline import evidence
from pipeline.delta_versions import rows_of
from pipeline.evidence import CELLS, selection_of
from pipeline.names import GOLD, ResourceNames
from pipeline.storage import storage_options
from tests.support.stack import Stack

# Of each table of gold whose cells are numbers of bookings, what it calls them.
NUMBERS = {
    "gold_daily_bookings_by_channel": ("bookings_count",),
    "gold_cpb_by_channel": ("total_bookings_count",),
    "gold_channel_attribution": ("total_bookings_count",),
    "gold_booking_time_analysis": ("bookings_count",),
    "gold_booking_metrics": ("total_bookings",),
    "gold_booking_outcomes": ("bookings", "canceled", "rescheduled", "no_show", "net_bookings"),
}


@pytest.fixture(scope="module")
def lake(filled: Stack) -> Any:
    options, names = storage_options(filled.url, "us-east-1"), ResourceNames()
    connection = duckdb.connect()
    for table in ("fact_bookings", "fact_marketing", *GOLD):
        found = DeltaTable(names.table_uri(table), storage_options=options)
        connection.register("rows", rows_of(found))
        connection.execute(f"CREATE TABLE {table} AS FROM rows")
    return connection


def everything(lake: Any) -> Filters:
    first, last = queries.date_bounds(lake)
    return Filters(first, last)


@pytest.mark.parametrize("table", NUMBERS)
def test_a_cell_of_gold_opens_as_many_bookings_as_it_counts(lake, table):
    key = list(CELLS[table])
    columns = NUMBERS[table]
    rows = lake.execute(f"SELECT {', '.join((*key, *columns))} FROM {table}").fetchall()
    assert rows
    for row in rows[:60]:
        cell = dict(zip(key, row, strict=False))
        for column, number in zip(columns, row[len(key) :], strict=True):
            assert evidence.count(lake, selection_of(table, cell, column)) == number, cell


def test_a_channel_s_spend_opens_the_files_that_add_up_to_it(lake):
    costs = lake.execute("SELECT channel, total_spend FROM gold_cpb_by_channel").fetchall()
    for channel, total in costs:
        found = evidence.spend(lake, selection_of("gold_cpb_by_channel", {"channel": channel}))
        assert sum(row.spend for row in found) == pytest.approx(total, abs=1e-6)


def test_the_overview_of_all_days_is_gold(lake):
    asked = everything(lake)
    totals = queries.channel_totals(asked).rows(lake)
    cost = "SELECT channel, total_bookings_count, total_spend, cpb, rank_by_volume, rank_by_cpb"
    gold = lake.execute(f"{cost} FROM gold_channel_attribution ORDER BY channel").fetchall()
    assert [tuple(total) for total in sorted(totals)] == [pytest.approx(row) for row in gold]
    card = summary.summary(totals, queries.day_outcomes(asked).rows(lake))
    sums = "SELECT sum(bookings), sum(canceled), sum(no_show) FROM gold_booking_outcomes"
    assert (card.bookings, card.canceled, card.no_show) == lake.execute(sums).fetchone()
    paid = "SELECT sum(total_spend), sum(total_spend) / sum(total_bookings_count)"
    assert (card.spend, card.cost_per_booking) == pytest.approx(
        lake.execute(f"{paid} FROM gold_cpb_by_channel").fetchone()
    )
    daily = "SELECT booking_date, channel, bookings_count FROM gold_daily_bookings_by_channel"
    assert [day[:3] for day in queries.day_totals(asked).rows(lake) if day.bookings] == (
        lake.execute(f"{daily} WHERE bookings_count > 0 ORDER BY ALL").fetchall()
    )
    # What a day cost is in gold by the hour; those parts add up to what silver has for the day.
    spent = "SELECT spend_date, channel, spend FROM fact_marketing WHERE spend > 0 ORDER BY ALL"
    days = queries.day_totals(asked).rows(lake)
    assert [
        (day.booking_date, day.channel, pytest.approx(day.spend)) for day in days if day.spend
    ] == (lake.execute(spent).fetchall())
    # Gold's week begins on Sunday with 1, the page's on Monday with 1.
    hours = """
        SELECT (booking_day_of_week + 5) % 7 + 1, booking_hour, sum(bookings_count)
        FROM gold_booking_time_analysis GROUP BY 1, 2 ORDER BY 1, 2
    """
    assert [tuple(cell) for cell in queries.hours_by_weekday(asked).rows(lake)] == (
        lake.execute(hours).fetchall()
    )
    load = "FROM gold_meeting_load_per_employee ORDER BY total_meetings_count DESC, user_id"
    assert [tuple(row) for row in queries.meeting_load(asked).rows(lake)] == (
        lake.execute(load).fetchall()
    )


def test_the_lines_of_the_cards_add_up_to_their_numbers(lake):
    asked = everything(lake)
    days, outcomes = queries.day_totals(asked).rows(lake), queries.day_outcomes(asked).rows(lake)
    card = summary.summary(queries.channel_totals(asked).rows(lake), outcomes)
    line = summary.series(days, outcomes, asked.start, asked.end)
    assert (sum(line.bookings), sum(line.canceled), sum(line.no_show)) == (
        card.bookings, card.canceled, card.no_show,
    )  # fmt: skip
    assert sum(line.spend) == pytest.approx(card.spend)


def test_a_channel_s_week_is_that_of_gold(lake):
    """As the page shows it once a channel and dates are chosen."""
    asked = Filters(date(2026, 1, 14), date(2026, 1, 19), ("facebook",))
    [total] = queries.channel_totals(asked).rows(lake)
    gold = """
        SELECT sum(total_bookings), sum(total_spend), sum(total_spend) / sum(total_bookings)
        FROM gold_booking_metrics
        WHERE channel = 'facebook' AND booking_date BETWEEN '2026-01-14' AND '2026-01-19'
    """
    assert (total.bookings, total.spend, total.cpb) == pytest.approx(lake.execute(gold).fetchone())
