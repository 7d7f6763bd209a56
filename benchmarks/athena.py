"""Athena's engine time of a SELECT over a gold table, on a warm worker.

EngineExecutionTimeInMillis, as GetQueryExecution tells it, for three queries over a Delta table
of gold's size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from benchmarks.measures import Measure, at_most
from tests.support.process_stack import ProcessStack
from tests.support.queries import Queries, storage_options

ROUNDS, GOAL_MILLISECONDS = 20, 300
CHANNELS = ("youtube", "facebook", "tiktok", "others")
QUERIES = {
    "whole table": "SELECT * FROM gold",
    "one day": "SELECT * FROM gold WHERE booking_date = DATE '2026-01-15'",
    "by channel": "SELECT channel, sum(bookings_count) AS n FROM gold GROUP BY 1 ORDER BY 2 DESC",
}


def measured(folder: Path) -> Iterator[Measure]:
    with ProcessStack(folder / "stack") as stack:
        stack.start_edge()
        for name, times in timed(prepared(stack)).items():
            yield Measure(f"Athena, {name}", "ms", times, at_most(GOAL_MILLISECONDS))


def prepared(stack: Any) -> Queries:
    """35 days of four channels, partitioned by day as gold_daily_bookings_by_channel is."""
    stack.client("s3").create_bucket(Bucket="bench")
    days = [dt.date(2025, 12, 16) + dt.timedelta(days=n) for n in range(35)]
    rows = [(day, channel, 7) for day in days for channel in CHANNELS]
    names = ("booking_date", "channel", "bookings_count")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    write_deltalake(
        "s3://bench/gold",
        pa.table(columns),
        partition_by=["booking_date"],
        storage_options=storage_options(stack),
    )
    queries = Queries(stack, "bench_db")
    queries.run("CREATE DATABASE bench_db")
    queries.run(
        "CREATE EXTERNAL TABLE gold LOCATION 's3://bench/gold' TBLPROPERTIES ('table_type'='DELTA')"
    )
    return queries


def timed(queries: Queries) -> dict[str, list[float]]:
    """Engine milliseconds by query; the first round warms up and is left out."""
    found: dict[str, list[float]] = {name: [] for name in QUERIES}
    for number in range(ROUNDS + 1):
        for name, sql in QUERIES.items():
            statistics = queries.run(sql)["Statistics"]
            if number:
                found[name].append(statistics["EngineExecutionTimeInMillis"])
    return found
