"""The Data Catalog with 10,000 tables and 100,000 partitions: how long single calls take over HTTP.

All tables are in one database, all partitions in one table, keyed by year, month, day and place.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.measures import Measure, at_most
from tests.support.process_stack import ProcessStack

TABLES, PARTITIONS, BATCH, CALLS, LIMIT_MS = 10_000, 100_000, 100, 200, 50.0
COLUMNS = [{"Name": f"column_{number}", "Type": "string"} for number in range(10)]
KEYS = [
    *({"Name": "year", "Type": "int"}, {"Name": "month", "Type": "int"}),
    *({"Name": "day", "Type": "date"}, {"Name": "place", "Type": "string"}),
]
DATABASE, PARTITIONED = "bench", "table_00000"
FILTERS = {
    "all keys": ("year = 2024 AND month = 7 AND day = '2024-07-15' AND place = 'place_07'", 1),
    "a month of one place": ("year = 2024 AND month = 7 AND place = 'place_07'", 28),
    "a range of days": ("day BETWEEN '2024-07-01' AND '2024-07-02'", 40),
    "the last key only": ("place LIKE 'place_07' AND NOT year < 2034 AND month IN (1, 2)", 56),
    "nothing": ("place = 'nowhere'", 0),
}


def measured(folder: Path) -> Iterator[Measure]:
    with ProcessStack(folder / "stack") as stack:
        stack.start_edge()
        glue = stack.client("glue")
        fill(glue)
        for name, call in calls(glue).items():
            yield Measure(name, "ms", timed(call), at_most(LIMIT_MS))


def fill(glue: Any) -> None:
    glue.create_database(DatabaseInput={"Name": DATABASE})
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: create_table(glue, number), range(TABLES)))
        list(pool.map(lambda batch: create_partitions(glue, batch), batches()))


def create_table(glue: Any, number: int) -> None:
    location = f"s3://bench/table_{number:05}/"
    glue.create_table(
        DatabaseName=DATABASE,
        TableInput={
            "Name": f"table_{number:05}",
            "StorageDescriptor": {"Columns": COLUMNS, "Location": location},
            "PartitionKeys": KEYS if number == 0 else [],
        },
    )


def create_partitions(glue: Any, batch: list[list[str]]) -> None:
    errors = glue.batch_create_partition(
        DatabaseName=DATABASE,
        TableName=PARTITIONED,
        PartitionInputList=[
            {
                "Values": values,
                "StorageDescriptor": {"Columns": COLUMNS, "Location": "/".join(values)},
            }
            for values in batch
        ],
    )["Errors"]
    if errors:
        raise AssertionError(f"not made: {errors[0]}")


def batches() -> Iterator[list[list[str]]]:
    values = islice(partition_values(), PARTITIONS)
    while batch := list(islice(values, BATCH)):
        yield batch


def partition_values() -> Iterator[list[str]]:
    for number in range(PARTITIONS):
        rest, place = divmod(number, 20)
        rest, day = divmod(rest, 28)
        year, month = 2020 + rest // 12, rest % 12 + 1
        day_text = f"{year}-{month:02}-{day + 1:02}"
        yield [str(year), str(month), day_text, f"place_{place:02}"]


def calls(glue: Any) -> dict[str, Callable[[int], None]]:
    measured: dict[str, Callable[[int], None]] = {"GetTable": lambda n: get_table(glue, n)}
    for name, (expression, expected) in FILTERS.items():
        measured[f"GetPartitions, {name}"] = lambda _, expression=expression, expected=expected: (
            get_partitions(glue, expression, expected)
        )
    return measured


def get_table(glue: Any, number: int) -> None:
    name = f"table_{number * 7919 % TABLES:05}"
    if glue.get_table(DatabaseName=DATABASE, Name=name)["Table"]["Name"] != name:
        raise AssertionError(f"GetTable of {name} answered another table")


def get_partitions(glue: Any, expression: str, expected: int) -> None:
    found = glue.get_partitions(
        DatabaseName=DATABASE, TableName=PARTITIONED, Expression=expression
    )["Partitions"]
    if len(found) != expected:
        raise AssertionError(f"{expression}: expected {expected} partitions, found {len(found)}")


def timed(call: Callable[[int], None]) -> list[float]:
    """Milliseconds of each call, after a tenth as many that warm up."""
    for number in range(CALLS // 10):
        call(number)
    took = []
    for number in range(CALLS):
        began = time.perf_counter()
        call(number)
        took.append((time.perf_counter() - began) * 1e3)
    return took
