"""Headline numbers, dashes, tables of HTML, dates that follow the data, and typed tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from dashboard import data, figures, markup, members, targets
from dashboard.overview import cards, cells, charts, filters, palette, summary
from dashboard.overview.cells import Cell
from dashboard.overview.queries import ChannelTotal, DayOutcome, DayTotal, Filters, HourBookings
from pipeline.evidence import Selection

FACEBOOK = ChannelTotal("facebook", 4, 100.0, 25.0, 1, 2)
TIKTOK = ChannelTotal("tiktok", 0, 12.5, 0.0, 2, 1)


def test_summary_adds_channels_and_divides_all_spend_by_all_bookings():
    outcomes = [DayOutcome(date(2026, 1, 1), 1, 0), DayOutcome(date(2026, 1, 2), 1, 2)]
    numbers = summary.summary([FACEBOOK, TIKTOK], outcomes)
    assert numbers == summary.Summary(4, 112.5, 28.125, canceled=2, no_show=2)


def test_cost_without_bookings_has_no_meaning():
    assert summary.summary([TIKTOK], []) == summary.Summary(0, 12.5, None, 0, 0)
    assert summary.cost(TIKTOK) is None
    assert summary.cost(FACEBOOK) == 25.0


def test_summary_of_a_member_has_no_spend():
    numbers = summary.summary([ChannelTotal("facebook", 2, None, None, 1, None)], [])
    assert numbers == summary.Summary(2, None, None, 0, 0)


def test_a_line_has_every_day_of_the_period_and_a_cost_only_where_there_is_one():
    first, last = date(2026, 1, 1), date(2026, 1, 3)
    days = [
        DayTotal(first, "facebook", 2, 10.0),
        DayTotal(first, "youtube", 2, 2.0),
        DayTotal(last, "youtube", 0, 5.0),
    ]
    line = summary.series(days, [DayOutcome(last, 1, 0)], first, last)
    assert line == summary.Series(
        [4.0, 0.0, 0.0], [12.0, 0.0, 5.0], [3.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]
    )


def test_only_a_cost_above_its_channel_s_target_is_told():
    targets = {"facebook": 24.99, "tiktok": 1.0, "gone": 1.0}
    assert summary.over_target([FACEBOOK, TIKTOK], targets) == [(FACEBOOK, 24.99)]
    assert summary.over_target([FACEBOOK], {"facebook": 25.0}) == []


def test_targets_are_read_or_told_to_be_wrong(tmp_path):
    file = tmp_path / "targets.json"
    assert targets.read(file) == {}
    file.write_text('{"facebook": 170}')
    assert targets.read(file) == {"facebook": 170.0}
    for text, found in (
        ('{"facebook": "dear"}', "a number of USD greater than 0 for facebook, found 'dear'"),
        ('{"facebook": 0}', "found 0"),
        ("[]", r"found \[\]"),
        ("{", "targets.json is no JSON"),
    ):
        file.write_text(text)
        with pytest.raises(targets.TargetsError, match=found):
            targets.read(file)


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [(12.0, 10, "+20.0%"), (5, 10, "−50.0%"), (1, 0, "–"), (1, None, "–"), (None, 1, "–")],
)
def test_a_change_is_a_share_of_what_was_before(now, before, text):
    assert figures.signed_percent(figures.change(now, before)) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 1, 3), date(2026, 1, 3), "3 Jan 2026"),
        (date(2026, 1, 3), date(2026, 1, 9), "3–9 Jan 2026"),
        (date(2026, 1, 3), date(2026, 2, 9), "3 Jan – 9 Feb 2026"),
        (date(2025, 12, 28), date(2026, 1, 3), "28 Dec 2025 – 3 Jan 2026"),
    ],
)
def test_days_are_written_without_saying_a_month_twice(first, last, text):
    assert figures.days(first, last) == text


def test_channels_that_cost_money_and_brought_nothing_are_found():
    quiet = ChannelTotal("others", 0, 0.0, 0.0, 2, 1)
    assert summary.spend_without_bookings([FACEBOOK, TIKTOK, quiet]) == [TIKTOK]


@pytest.mark.parametrize(
    ("amount", "text"), [(None, "–"), (0.0, "$0.00"), (20260.42, "$20,260.42")]
)
def test_money_is_written_with_cents_and_a_dash_for_nothing(amount, text):
    assert figures.money(amount) == text


def test_the_leaderboard_has_a_dash_for_a_cost_and_a_change_that_say_nothing():
    colours = palette.colours([])
    rows = cards.leaderboard([FACEBOOK, TIKTOK], {"facebook": 2}, {}, colours, frozenset())
    assert rows["facebook"][2:5] == ["100.0%", "+100.0%", "$100.00"]
    assert rows["tiktok"][2:5] == ["0.0%", "–", "$12.50"]
    assert rows["tiktok"][5].endswith('<span class="number">–</span>')
    assert rows["tiktok"][6] == "–"


def test_text_from_data_is_escaped():
    total = ChannelTotal("<script>", 1, 1.0, 1.0, 1, 1)
    colours = palette.colours(["<script>"])
    rows = cards.leaderboard([total], {}, {"<script>": 0.5}, colours, frozenset())
    assert "<script>" not in markup.table("x", ["<script>"], list(rows.values()), list(rows))
    assert "<b>" not in markup.notice(cards.wasted([total]) + "<b>")


def test_a_new_channel_has_a_colour_of_its_own_and_the_known_ones_keep_theirs():
    colours = palette.colours(["youtube", "podcast", "radio"])
    assert {name: colours[name] for name in palette.COLOURS} == palette.COLOURS
    assert len(set(colours.values())) == 6


def test_costs_over_many_days_are_of_weeks():
    days = [DayTotal(date(2026, 1, 5) + timedelta(d), "facebook", 1, 7.0) for d in range(60)]
    document = charts.cost_over_time(days, palette.colours([]), {}).to_dict()
    (values,) = document["datasets"].values()
    assert len(values) == 9
    assert {value["cost"] for value in values} == {7.0}


def test_charts_are_told_in_words():
    days = [DayTotal(date(2026, 1, 5), "facebook", 3, 7.0), DayTotal(date(2026, 1, 6), "x", 0, 1.0)]
    assert charts.said_daily(days).endswith("5–6 Jan 2026; the most, 3, on 5 Jan 2026.")
    assert charts.said_spend(days).startswith("2 points")
    assert charts.said_spend(days).endswith("1 of them bought no booking.")
    assert charts.said_hours([HourBookings(7, 9, 4)]).endswith("4, on Sun at 09:00.")


CELL = Cell("bookings", {"booking_date": "2026-01-15", "channel": "face,book:x"})


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("canceled", Cell("canceled")),
        ("meetings,member:A", Cell("meetings", {"member": "A"})),
        ("bookings,day_of_week:1,hour:23", Cell("bookings", {"day_of_week": "1", "hour": "23"})),
        (None, None),
        ("", None),
        ("spend", None),
        ("bookings,hour:24", None),
        ("bookings,day_of_week:0", None),
        ("bookings,booking_date:2026-13-01", None),
        ("bookings,channel:", None),
        ("bookings,status:x", None),
    ],
)
def test_a_cell_of_the_url_is_known_or_left(text, cell):
    assert cells.cell_of(text) == cell
    assert cell is None or cell.text == text


def test_a_cell_keeps_any_channel_s_name_in_the_url():
    assert cells.cell_of(CELL.text) == CELL


def test_a_cell_s_title_tells_it_and_its_bookings_stay_within_the_filters():
    cell = Cell("no_show", {"day_of_week": "1", "hour": "9", "member": "A"})
    title = cells.title(cell, {"A": "Ana"})
    assert title == "Bookings whose invitee did not come: Sun, 09:00–09:59 UTC, Ana"
    filters_of_day = Filters(date(2026, 1, 5), date(2026, 1, 6), ("tiktok",), "B")
    assert cells.selection(Cell("canceled", {"channel": "x"}), filters_of_day) == Selection(
        {
            "from": date(2026, 1, 5),
            "to": date(2026, 1, 6),
            "channels": ["tiktok"],
            "channel": "x",
            "member": "B",
        },
        "canceled",
    )


def test_members_of_one_masked_name_are_told_apart_and_one_without_a_name_by_id():
    assert members.distinct({"u-0001": "A•••", "u-0002": "A•••", "u-3": "B•••"}) == {
        "u-0001": "A••• · 0001",
        "u-0002": "A••• · 0002",
        "u-3": "B•••",
    }
    connection = data.database({})
    connection.execute("""
        INSERT INTO fact_bookings (employee_ids) VALUES (['A', 'C-234567890']), (NULL);
        INSERT INTO fact_events VALUES ('https://x/users/A/', 'Ana Silva'), (NULL, 'Ben'),
            ('https://x/users/B', 'Ben');
    """)
    shown = {"A": "Ana Silva", "C-234567890": "Member C-234567"}
    assert members.labels(connection, is_masked=False) == shown
    assert members.labels(connection, is_masked=True)["A"] == "A••• S•••"


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
    assert filters.days(None, first, last, BOUNDS, BOUNDS[1]) == days


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("7d", (date(2026, 1, 1), date(2026, 1, 7))),
        ("28d", (date(2026, 1, 1), date(2026, 1, 7))),
        ("all", BOUNDS),
        ("1y", BOUNDS),
    ],
)
def test_a_period_ends_with_the_newest_full_day_and_an_unknown_one_is_all_days(period, days):
    assert filters.days(period, None, None, BOUNDS, date(2026, 1, 7)) == days


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
