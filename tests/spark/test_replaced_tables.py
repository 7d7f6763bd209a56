"""Tables that are replaced: what is committed, whatever the session says of overwriting."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from lakehouse import replaced_tables
from lakehouse.delta_tables import read_table
from lakehouse.replaced_tables import replace_all

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
            return replace_all(frame, self.path, "day", **more)

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
