"""Athena's engine time of a SELECT over a gold table, on a warm worker.

Prints the median and the 95th percentile of EngineExecutionTimeInMillis, as GetQueryExecution
tells it, for three queries over a Delta table of gold's size; the goal is below 300 ms.
Run it from the project's folder, with nothing else going on:
`.venv/bin/python -m benchmarks.athena`.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from tests.support.process_stack import ProcessStack
from tests.support.queries import Queries, storage_options

ROUNDS, GOAL_MILLISECONDS = 20, 300
CHANNELS = ("youtube", "facebook", "tiktok", "others")
QUERIES = {
    "whole table": "SELECT * FROM gold",
    "one day": "SELECT * FROM gold WHERE booking_date = DATE '2026-01-15'",
    "by channel": "SELECT channel, sum(bookings_count) AS n FROM gold GROUP BY 1 ORDER BY 2 DESC",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ProcessStack(Path(folder)) as stack:
        stack.start_edge()
        report(measured(prepared(stack)))


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


def measured(queries: Queries) -> dict[str, list[int]]:
    """Engine milliseconds by query; the first round warms up and is left out."""
    found: dict[str, list[int]] = {name: [] for name in QUERIES}
    for number in range(ROUNDS + 1):
        for name, sql in QUERIES.items():
            statistics = queries.run(sql)["Statistics"]
            if number:
                found[name].append(statistics["EngineExecutionTimeInMillis"])
    return found


def report(found: dict[str, list[int]]) -> None:
    lines = [f"{'query':<14}{'median ms':>10}{'95 % ms':>10}   goal {GOAL_MILLISECONDS} ms"]
    for name, times in found.items():
        lines.append(f"{name:<14}{median(times):>10.0f}{quantiles(times, n=20)[-1]:>10.0f}")
    sys.stdout.write("\n".join(lines) + "\n")
    if any(median(times) > GOAL_MILLISECONDS for times in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
