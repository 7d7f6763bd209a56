"""Tables that are replaced: what is committed, whatever the session says of overwriting."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from lakehouse import replaced_tables
from lakehouse.delta_tables import read_table
from lakehouse.replaced_tables import Target, replace_all

COLUMNS = "day date, name string, amount double, at timestamp"
FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)
AT = datetime(2026, 1, 1, 12)


@pytest.fixture
def table(spark, tmp_path):
    class Table:
        path = f"{tmp_path}/t"

        def replace(self, *rows, columns=COLUMNS, **more):
            frame = spark.createDataFrame(
                [(*r, AT)[: len(columns.split(","))] for r in rows], columns
            )
            made = replace_all(frame, Target(self.path, "day", **more))
            self.contents = made.contents
            return made.rows

        def rows(self):
            return sorted(tuple(r)[:3] for r in read_table(spark, self.path).collect())

        def commits(self):
            found = spark.sql(f"DESCRIBE HISTORY delta.`{self.path}`").orderBy("version").collect()
            return [(r.userMetadata, r.operationMetrics.get("numFiles")) for r in found]

    spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
    yield Table()
    spark.conf.unset("spark.sql.sources.partitionOverwriteMode")


@pytest.mark.parametrize("most", [20_000, 1])
def test_a_table_is_replaced_where_it_differs_and_only_then(table, monkeypatch, most):
    monkeypatch.setattr(replaced_tables, "MOST_ROWS_IN_DRIVER", most)
    first = [(FIRST, "a", 1.5), (SECOND, "b", 0.1), (SECOND, "b", 0.1)]
    assert table.replace(*first, note="one") == 3
    assert table.replace(*reversed(first), note="two") == 3
    assert [note for note, _ in table.commits()] == ["one"]
    second = [(FIRST, "a", 1.5), (THIRD, "c", 2.0)]
    assert table.replace(*second, note="three") == 2
    assert table.rows() == second
    assert [note for note, _ in table.commits()] == ["one", "three"]
    assert table.replace(note="none left") == 0
    assert table.rows() == []


def test_only_the_dates_that_differ_are_written_and_an_emptied_one_disappears(table):
    table.replace((FIRST, "a", 1.0), (SECOND, "b", 2.0), (THIRD, "c", 3.0))
    table.replace((FIRST, "a", 1.0), (SECOND, "b", 2.5))
    assert table.rows() == [(FIRST, "a", 1.0), (SECOND, "b", 2.5)]
    assert table.commits() == [(None, "3"), (None, "1")]


def test_other_columns_are_those_of_the_frame_afterwards(table):
    table.replace((FIRST, "a", 1.0))
    table.replace((FIRST, "a"), columns="day date, title string")
    assert table.rows() == [(FIRST, "a")]


def test_without_comparing_every_run_commits(table):
    for _ in range(2):
        table.replace((FIRST, "a", 1.0), is_compared=False)
    assert len(table.commits()) == 2


def test_stored_rows_are_not_read_where_it_is_known_what_the_table_holds(table, spark):
    table.replace((FIRST, "a", 1.0), (SECOND, "b", 2.0))
    known = table.contents
    spark.sql(f"DELETE FROM delta.`{table.path}` WHERE name = 'a'")
    table.replace((FIRST, "a", 1.0), (SECOND, "b", 2.5), contents=known)
    assert table.rows() == [(SECOND, "b", 2.5)]
    # Without that knowledge they are.
    table.replace((FIRST, "a", 1.0), (SECOND, "b", 2.5))
    assert table.rows() == [(FIRST, "a", 1.0), (SECOND, "b", 2.5)]


def test_what_a_table_holds_does_not_depend_on_the_order_of_its_rows_but_on_all_of_them(table):
    rows = [(FIRST, "a", 1.5), (SECOND, "b", 0.1), (SECOND, "b", 0.1)]
    table.replace(*rows)
    first = table.contents
    table.replace(*reversed(rows))
    assert table.contents == first
    table.replace(*rows[:2])
    assert table.contents.parts_that_differ(first) == {"2026-01-02"}


def test_rows_are_stored_as_they_were_computed(table, spark):
    values = [0.1 + 0.2, -0.0, 1e300, float("nan"), float("-inf")]
    table.replace(*((FIRST, 'a "quoted" \n text \u00fc', value) for value in values))
    stored = read_table(spark, table.path)
    assert sorted(repr(r.amount) for r in stored.collect()) == sorted(map(repr, values))
    assert {(r.name, r.at) for r in stored.collect()} == {('a "quoted" \n text \u00fc', AT)}
    before = table.contents
    table.replace(*((FIRST, 'a "quoted" \n text \u00fc', value) for value in values))
    assert (table.contents, len(table.commits())) == (before, 1)
