"""How many Spark jobs each table took: its work is marked as a job group of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession

_GROUP, _DESCRIPTION = "spark.jobGroup.id", "spark.job.description"


@contextmanager
def jobs_of(spark: SparkSession, table: str) -> Iterator[None]:
    """Mark the Spark jobs that this thread starts as the table's; Spark's pages show it, too."""
    context: Any = spark.sparkContext
    before = [(name, context.getLocalProperty(name)) for name in (_GROUP, _DESCRIPTION)]
    context.setJobGroup(table, table)
    try:
        yield
    finally:
        for name, value in before:
            context.setLocalProperty(name, value)


def numbers_of_jobs(spark: SparkSession, tables: Sequence[str]) -> dict[str, int]:
    """The number of Spark jobs of each table, in this application so far."""
    tracker = spark.sparkContext.statusTracker()
    return {table: len(tracker.getJobIdsForGroup(table)) for table in tables}
