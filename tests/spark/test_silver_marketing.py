"""fact_marketing and rejected_marketing, from the bytes of spend files."""

from __future__ import annotations

import json
from datetime import date

import pytest
from lakehouse.delta_tables import read_table
from lakehouse.marketing import SpendDay, spend_day
from lakehouse.marketing_silver import LostRowsError, accounting, write_days


def spend_file(day, *rows):
    """One parsed file of (spend name, spend) rows."""
    values = [{"date": day, "channel": f"{c}_paid_ads", "spend": s} for c, s in rows]
    return spend_day(f"marketing/spend_date={day}.json", json.dumps(values).encode())


@pytest.fixture
def silver(spark, tmp_path):
    class Silver:
        def write(self, *days, run="run-1"):
            write_days(spark, str(tmp_path), days, run)

        def facts(self):
            return sorted(
                tuple(r) for r in read_table(spark, f"{tmp_path}/fact_marketing").collect()
            )

        def rejects(self):
            table = read_table(spark, f"{tmp_path}/rejected_marketing")
            return sorted((tuple(r) for r in table.collect()), key=str)

        def commits(self):
            names = ("fact_marketing", "rejected_marketing")
            return [spark.sql(f"DESCRIBE HISTORY delta.`{tmp_path}/{n}`").count() for n in names]

        def dtypes(self, name):
            return read_table(spark, f"{tmp_path}/{name}").dtypes

    return Silver()


def test_a_changed_file_replaces_its_whole_day_and_no_other(silver):
    silver.write(
        spend_file("2026-01-14", ("tiktok", 1.0), ("youtube", 2.0)),
        spend_file("2026-01-15", ("tiktok", 3.0), ("youtube", 4.0), ("radio", 5.0)),
    )
    silver.write(spend_file("2026-01-15", ("tiktok", 3.5), ("facebook", 6.25)), run="run-2")
    first, second = date(2026, 1, 14), date(2026, 1, 15)
    assert silver.facts() == [
        (first, "tiktok", 1.0, first),
        (first, "youtube", 2.0, first),
        (second, "facebook", 6.25, second),
        (second, "tiktok", 3.5, second),
    ]
    assert silver.rejects() == []


def test_a_file_without_rows_empties_its_day(silver):
    silver.write(spend_file("2026-01-14", ("tiktok", 1.0)))
    silver.write(spend_file("2026-01-14"))
    assert silver.facts() == []


def test_a_reject_keeps_its_first_run_until_its_text_changes(silver):
    key = "marketing/spend_date=2026-01-14.json"
    silver.write(
        spend_day(key, b'[1, {"spend": 2}]'), spend_day("marketing/x's", b"?"), run="run-1"
    )
    silver.write(
        spend_day(key, b'[1, {"spend": 3}]'), spend_day("marketing/x's", b"?"), run="run-2"
    )
    every = ["missing_spend", "unknown_channel", "invalid_date"]
    assert silver.rejects() == [
        ("marketing/x's", None, ["unparsable_json"], "?", "run-1"),
        ("marketing/spend_date=2026-01-14.json", 1, every, "1", "run-1"),
        ("marketing/spend_date=2026-01-14.json", 2, every[1:], '{"spend": 3}', "run-2"),
    ]


def test_reading_the_same_files_again_commits_nothing(silver):
    days = (
        spend_file("2026-01-14", ("tiktok", 1.0), ("radio", 5.0)),
        spend_day("marketing/spend_date=2026-01-15.json", b"<html>"),
    )
    silver.write(*days)
    commits = silver.commits()
    assert commits == [2, 2]
    silver.write(*days, run="run-2")
    silver.write(run="run-3")
    assert silver.commits() == commits
    assert {row[-1] for row in silver.rejects()} == {"run-1"}


def test_a_run_without_files_still_makes_both_tables(silver):
    silver.write()
    assert silver.facts() == silver.rejects() == []
    assert silver.dtypes("fact_marketing") == [
        ("spend_date", "date"),
        ("channel", "string"),
        ("spend", "double"),
        ("date", "date"),
    ]
    assert silver.dtypes("rejected_marketing") == [
        ("bronze_key", "string"),
        ("row_number", "int"),
        ("reasons", "array<string>"),
        ("raw", "string"),
        ("run", "string"),
    ]


def test_the_accounting_counts_rows_and_refuses_lost_ones():
    day = spend_file("2026-01-14", ("tiktok", 1.0), ("tiktok", 2.0), ("radio", 5.0))
    broken = spend_day("marketing/spend_date=2026-01-15.json", b"?")
    assert accounting([day, broken]) == {"files": 2, "read": 4, "accepted": 2, "rejected": 2}
    with pytest.raises(LostRowsError, match="Expected read = accepted"):
        accounting([SpendDay("marketing/x", None, rows_read=2, rows_accepted=1)])
