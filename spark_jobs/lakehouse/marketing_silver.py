"""Parsed spend files in, fact_marketing (row per day and channel) and rejected_marketing out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql import types as T

from lakehouse.delta_tables import ensure_table, replace_where
from lakehouse.marketing import SpendDay

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
    fact, rejected = f"{silver}/fact_marketing", f"{silver}/rejected_marketing"
    ensure_table(spark, fact, FACT, partition_by="date")
    ensure_table(spark, rejected, REJECTED)
    dates = [f"DATE'{day.day}'" for day in days if day.day]
    keys = [_sql_text(day.key) for day in days]
    if dates:
        rows = spark.createDataFrame(fact_rows(days), FACT).coalesce(1)
        scope = f"`date` IN ({', '.join(dates)})"
        replace_where(rows, fact, ["date", "channel"], scope)
    if keys:
        rows = spark.createDataFrame(rejected_rows(days, run_id), REJECTED).coalesce(1)
        scope = f"`bronze_key` IN ({', '.join(keys)})"
        replace_where(rows, rejected, ["bronze_key", "row_number"], scope, uncompared=["run"])


def _sql_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
