"""The session of a job: plans for few rows where there are few, the same tables by either plan."""

from __future__ import annotations

from datetime import date

import pytest
from lakehouse.delivery_rows import delivery_rows
from lakehouse.delta_tables import read_table
from lakehouse.events_silver import TABLES, write_deliveries
from lakehouse.gold import GOLD_TABLES
from lakehouse.session import FEW_BYTES, FOR_FEW_ROWS, session

from tests.support.bronze_objects import delivery
from tests.support.silver_facts import rows

BOOKINGS = [
    {"start": "2026-01-15T10:00:00", "channel": "facebook", "staff": ("ann", "bob")},
    {"start": "2026-01-15T23:59:59", "channel": "facebook", "status": "canceled"},
    {"start": "2026-01-16T00:00:00", "channel": "youtube", "rescheduled": True},
    {"start": "2026-01-18T07:30:00", "status": "no_show", "staff": ()},
]
SPENT = [(date(2026, 1, 15), "facebook", 10.5), (date(2026, 1, 17), "tiktok", 3.25)]


DELIVERIES = (
    delivery("a1", "A", created="2026-01-14T10:00:00Z"),
    delivery("a2", "A", "invitee.canceled", "2026-01-15T10:00:00Z", status="canceled"),
    delivery("b1", "B", questions_and_answers=[{"answer": "x"}, {"answer": "y"}]),
    ("events/c1.json", b"no JSON"),
)


@pytest.fixture
def for_many_rows(spark):
    """Spark's own settings while it is entered, but for the numbers of partitions."""

    class ForManyRows:
        def __enter__(self):
            for name in ("adaptive.enabled", "codegen.wholeStage"):
                spark.conf.set(f"spark.sql.{name}", "true")
            spark.conf.set("spark.sql.codegen.factoryMode", "CODEGEN_ONLY")

        def __exit__(self, *_):
            for name, value in FOR_FEW_ROWS.items():
                spark.conf.set(name, value)

    return ForManyRows()


def test_few_bytes_are_planned_for_few_rows_and_more_are_not(spark, for_many_rows):
    with for_many_rows:
        many = session("job", FEW_BYTES + 1)
        assert many.conf.get("spark.sql.adaptive.enabled") == "true"
        few = session("job", FEW_BYTES)
        assert few.conf.get("spark.sql.adaptive.enabled") == "false"
        assert few.conf.get("spark.sql.codegen.factoryMode") == "NO_CODEGEN"


def test_gold_is_the_same_by_either_plan(facts, for_many_rows):
    bookings, spend = facts(BOOKINGS, SPENT)
    few = {table.name: rows(table.rows(bookings, spend)) for table in GOLD_TABLES}
    with for_many_rows:
        many = {table.name: rows(table.rows(bookings, spend)) for table in GOLD_TABLES}
    assert few == many
    assert few["gold_booking_outcomes"][0] == ("facebook", 2, 1, 0, 0, 1)


def test_silver_is_the_same_by_either_plan(spark, tmp_path, for_many_rows):
    def written(root):
        deliveries = delivery_rows(spark, DELIVERIES)
        write_deliveries(deliveries, len(DELIVERIES), str(root), "run", rewrite=False)
        return {name: rows(read_table(spark, f"{root}/{name}")) for name in TABLES}

    few = written(tmp_path / "few")
    with for_many_rows:
        assert written(tmp_path / "many") == few
    assert [len(few[name]) for name in TABLES] == [3, 2, 1]
