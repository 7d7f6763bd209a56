"""Two versions of a table: which rows and columns differ, and how that is told."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pyarrow as pa

from pipeline.change_words import headline, lines
from pipeline.names import GOLD, SILVER
from pipeline.table_changes import ColumnChange, RowChange, TableChanges, table_changes
from pipeline.table_keys import TABLE_KEYS

CPB = "gold_cpb_by_channel"


def costs(*rows: tuple[str | None, int, float, float]) -> pa.Table:
    names = ["channel", "total_bookings_count", "total_spend", "cpb"]
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return pa.table(dict(zip(names, map(list, columns), strict=True)))


def words(before: pa.Table | None, after: pa.Table, table: str = CPB) -> list[str]:
    changes = table_changes(table, before, after)
    return [headline(changes), *lines(changes)]


def test_every_table_of_the_pipeline_has_a_key_or_is_known_to_have_none():
    assert TABLE_KEYS.keys() == {*SILVER, *GOLD}
    assert [name for name, key in TABLE_KEYS.items() if not key] == ["fact_events"]


def test_a_cost_per_booking_is_told_with_what_it_is_made_of():
    before = costs(("facebook", 120, 20260.42, 20260.42 / 120), ("youtube", 30, 9.0, 0.3))
    after = costs(("facebook", 127, 20260.42, 20260.42 / 127), ("youtube", 30, 9.0, 0.3))
    assert words(before, after) == [
        "gold_cpb_by_channel: 1 changed",
        "facebook: 168.84 -> 159.53 per booking; bookings +7, spend +0.00",
    ]


def test_a_cost_without_bookings_is_a_dash_not_zero():
    before = costs(("tiktok", 0, 1699.2, 0.0))
    after = costs(("tiktok", 1, 1699.2, 1699.2))
    expected = "tiktok: – -> 1,699.20 per booking; bookings +1, spend +0.00"
    assert words(before, after)[1] == expected


def test_rows_are_added_removed_and_changed_by_their_key():
    before = pa.table({"channel": ["a", "b", None], "bookings": [1, 2, 3]})
    after = pa.table({"channel": ["b", None, "c"], "bookings": [2, 4, 5]})
    assert table_changes("gold_booking_outcomes", before, after) == TableChanges(
        table="gold_booking_outcomes",
        added=1,
        removed=1,
        changed=1,
        rows=(
            RowChange("removed", {"channel": "a"}, {"bookings": 1}, None, ("bookings",)),
            RowChange("added", {"channel": "c"}, None, {"bookings": 5}, ("bookings",)),
            RowChange(
                "changed", {"channel": None}, {"bookings": 3}, {"bookings": 4}, ("bookings",)
            ),
        ),
    )


def test_a_day_is_part_of_a_row_s_name():
    columns = {"booking_date": [date(2026, 1, 16)], "channel": ["a"], "booking_week": [3]}
    before = pa.table({**columns, "bookings_count": [3]})
    after = pa.table({**columns, "bookings_count": [1]})
    told = words(before, after, "gold_daily_bookings_by_channel")
    assert told[1:] == ["2026-01-16, a: bookings -2"]


def test_the_last_digits_of_a_sum_are_no_change_and_a_cent_is_one():
    same = costs(("a", 1, 20260.42, 20260.42)), costs(("a", 1, 20260.420000000002, 20260.42))
    assert words(*same) == ["gold_cpb_by_channel: no change"]
    cent = costs(("a", 1, 20260.42, 1.0)), costs(("a", 1, 20260.43, 1.0))
    assert words(*cent)[1:] == ["a: spend +0.01"]


def test_not_a_number_differs_from_numbers_and_not_from_itself():
    nan = costs(("a", 1, math.nan, 1.0))
    assert words(nan, nan) == ["gold_cpb_by_channel: no change"]
    assert words(nan, costs(("a", 1, 2.0, 1.0)))[1:] == ["a: spend NaN -> 2.0"]


def test_the_first_version_adds_every_row():
    assert words(None, costs(("a", 1, 2.0, 2.0))) == [
        "gold_cpb_by_channel: 1 added",
        "a added: bookings 1, spend 2.00, cost per booking 2.00",
    ]


def test_a_first_version_has_a_dash_for_the_cost_of_what_was_not_booked_or_not_paid_for():
    assert words(None, costs(("others", 9, 0.0, 0.0), ("tiktok", 0, 3.5, 0.0)))[1:] == [
        "others added: bookings 9, spend 0.00, cost per booking –",
        "tiktok added: bookings 0, spend 3.50, cost per booking –",
    ]


def test_columns_that_come_go_or_change_their_type_are_told():
    before = pa.table({"channel": ["a"], "bookings": pa.array([1], pa.int64()), "old": ["x"]})
    after = pa.table({"channel": ["a"], "bookings": pa.array([1.0]), "new": ["x"]})
    changes = table_changes("gold_booking_outcomes", before, after)
    assert changes.columns == (
        ColumnChange("bookings", "int64", "double"),
        ColumnChange("old", "string", None),
        ColumnChange("new", None, "string"),
    )
    assert (changes.changed, changes.added, changes.removed) == (0, 0, 0)


def test_rows_without_a_key_are_compared_whole_and_counted():
    before = pa.table({"answer": ["x", "y", "y"]})
    after = pa.table({"answer": ["x", "y", "z"]})
    assert words(before, after, "fact_events") == [
        "fact_events: 1 added, 1 removed",
        "row removed: answer y",
        "row added: answer z",
    ]


def test_a_key_that_stands_twice_pairs_its_rows_in_order():
    before = pa.table({"channel": ["a", "a"], "bookings": [1, 2]})
    after = pa.table({"channel": ["a", "a"], "bookings": [1, 3]})
    assert words(before, after, "gold_booking_outcomes")[1:] == ["a: bookings +1"]


def test_times_with_a_zone_and_lists_are_compared():
    moment = pa.array([datetime(2026, 1, 16, 9, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    columns = {"invitee_id": ["i"], "event_start_time": moment}
    before = pa.table({**columns, "employee_ids": [["m"]]})
    after = pa.table({**columns, "employee_ids": [["m", "n"]]})
    told = words(before, after, "fact_bookings")
    assert told[1:] == ['i: employee ids ["m"] -> ["m", "n"]']


def test_more_rows_than_are_wanted_are_counted():
    after = pa.table({"user_id": [f"u{n}" for n in range(5)], "total_meetings_count": [1] * 5})
    changes = table_changes("gold_meeting_load_per_employee", None, after, most_rows=2)
    assert (changes.added, len(changes.rows), changes.is_whole) == (5, 2, False)
    assert list(lines(changes))[-1] == "and 3 more rows"
