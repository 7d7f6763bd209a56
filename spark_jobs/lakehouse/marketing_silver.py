"""Parsed spend files in, fact_marketing (row per day and channel) and rejected_marketing out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql import types as T

from lakehouse.delta_tables import ensure_table
from lakehouse.marketing import SpendDay
from lakehouse.replaced_parts import replace_parts
from lakehouse.spark_job_counts import jobs_of

TABLES = FACT_MARKETING, REJECTED_MARKETING = "fact_marketing", "rejected_marketing"
FACT = T.StructType(
    [
        T.StructField("spend_date", T.DateType()),
        T.StructField("channel", T.StringType()),
        T.StructField("spend", T.DoubleType()),
        T.StructField("date", T.DateType()),
    ]
)
REJECTED = T.StructType(
    [
        T.StructField("bronze_key", T.StringType()),
        T.StructField("row_number", T.IntegerType()),
        T.StructField("reasons", T.ArrayType(T.StringType())),
        T.StructField("raw", T.StringType()),
        T.StructField("run", T.StringType()),
    ]
)


class LostRowsError(RuntimeError):
    """The numbers of rows accepted and rejected do not add up to those read."""


def fact_rows(days: Sequence[SpendDay]) -> list[tuple[Any, ...]]:
    """The rows of fact_marketing that the files make."""
    return [(d.day, channel, spend, d.day) for d in days for channel, spend in d.spend.items()]


def rejected_rows(days: Sequence[SpendDay], run_id: str) -> list[tuple[Any, ...]]:
    """The rows of rejected_marketing that the files make, marked with the run that found them."""
    return [
        (day.key, row.row_number, list(row.reasons), row.raw, run_id)
        for day in days
        for row in day.rejected
    ]


def accounting(days: Sequence[SpendDay]) -> dict[str, int]:
    """The numbers of files and rows; a file that is no JSON array counts as one row.

    Raises LostRowsError unless read = accepted + rejected.
    """
    counts = {
        "files": len(days),
        "read": sum(day.rows_read for day in days),
        "accepted": sum(day.rows_accepted for day in days),
        "rejected": sum(len(day.rejected) for day in days),
    }
    if counts["read"] != counts["accepted"] + counts["rejected"]:
        raise LostRowsError(
            f"Expected read = accepted + rejected rows, found {counts}: "
            "nothing was written; mend lakehouse/marketing.py and run again."
        )
    return counts


def write_days(spark: SparkSession, silver: str, days: Sequence[SpendDay], run_id: str) -> None:
    """Make both tables below the address `silver` hold, of these files, exactly what they say.

    Rows that a file no longer has disappear; a reject that stands keeps the run that found it.
    """
    dates = {day.day for day in days if day.day}
    keys = {day.key for day in days}

    def write_facts() -> None:
        path = f"{silver}/{FACT_MARKETING}"
        with jobs_of(spark, FACT_MARKETING):
            ensure_table(spark, path, FACT, partition_by="date")
            rows = fact_rows([day for day in days if day.day])
            replace_parts(spark, path, FACT, rows, "date", dates)

    def write_rejects() -> None:
        path = f"{silver}/{REJECTED_MARKETING}"
        with jobs_of(spark, REJECTED_MARKETING):
            ensure_table(spark, path, REJECTED)
            rows = rejected_rows(days, run_id)
            replace_parts(spark, path, REJECTED, rows, "bronze_key", keys, uncompared="run")

    with ThreadPoolExecutor(2) as pool:
        for written in [pool.submit(write_facts), pool.submit(write_rejects)]:
            written.result()
