"""All deliveries processed anew, against DuckDB computing the same tables from the same objects.

BENCH_DELIVERIES tells how many (the target is of 100,000, which take half an hour to be stored).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measures import Measure, at_most, interleaved, seconds
from benchmarks.pipeline import execution, forget, generated
from tests.support.independent_gold import GOLD, independent
from tests.support.stack import Stack, started_stack

DELIVERIES = int(os.environ.get("BENCH_DELIVERIES", "5000"))
ROUNDS = 2
BRONZE = "project6-bronze-bucket"


def measured(folder: Path) -> Iterator[Measure]:
    sample = generated(folder / "sample", DELIVERIES, seed=42)
    with started_stack(folder / "lake") as stack:
        stack.lake("deploy")
        stack.lake("replay", "--json", "--folder", str(sample))
        found = interleaved(
            {"ours": lambda: reprocessed(stack), "DuckDB": lambda: computed(stack)}, ROUNDS
        )
    what = f"reprocess of {DELIVERIES:,} deliveries"
    yield Measure(what, "s", found["ours"], at_most(4), "DuckDB", found["DuckDB"])


def reprocessed(stack: Stack) -> float:
    forget(stack)
    return execution(stack)


def computed(stack: Stack) -> float:
    """Seconds from the first request for an object to the last row of gold."""

    def compute() -> None:
        events = stack.objects(BRONZE, "events/")
        spend = stack.objects(BRONZE, "marketing/")
        connection = independent(events, spend)
        for sql in GOLD.values():
            connection.sql(sql).fetchall()

    return seconds(compute)
