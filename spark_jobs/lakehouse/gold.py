"""The gold tables: the silver facts in, seven small Delta tables out, each made anew."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from lakehouse import gold_bookings, gold_spend
from lakehouse.delta_tables import ensure_table, read_table, replace_all

log = logging.getLogger(__name__)

# Each write waits mostly for S3, so that a few at once pay even on two cores.
WRITES_AT_ONCE = 4


class MissingSilverTableError(RuntimeError):
    """A silver table that gold reads is not there."""


@dataclass(frozen=True)
class GoldTable:
    """A table's name, how its rows come from (bookings, daily spend), and what identifies a row."""

    name: str
    rows: Callable[[DataFrame, DataFrame], DataFrame]
    keys: tuple[str, ...]
    partition_by: str | None = None


GOLD_TABLES = (
    GoldTable(
        "gold_daily_bookings_by_channel",
        lambda bookings, _: gold_bookings.daily_bookings_by_channel(bookings),
        ("booking_date", "channel"),
        partition_by="booking_date",
    ),
    GoldTable("gold_cpb_by_channel", gold_spend.cpb_by_channel, ("channel",)),
    GoldTable("gold_channel_attribution", gold_spend.channel_attribution, ("channel",)),
    GoldTable(
        "gold_booking_time_analysis",
        lambda bookings, _: gold_bookings.booking_time_analysis(bookings),
        ("channel", "booking_hour", "booking_day_of_week"),
    ),
    GoldTable(
        "gold_meeting_load_per_employee",
        lambda bookings, _: gold_bookings.meeting_load_per_employee(bookings),
        ("user_id",),
    ),
    GoldTable(
        "gold_booking_metrics",
        gold_spend.booking_metrics,
        ("booking_date", "channel", "booking_hour"),
        partition_by="booking_date",
    ),
    GoldTable(
        "gold_booking_outcomes",
        lambda bookings, _: gold_bookings.booking_outcomes(bookings),
        ("channel",),
    ),
)


def read_silver(spark: SparkSession, silver: str, name: str) -> DataFrame:
    """The rows of a silver table below the address `silver`."""
    path = f"{silver}/{name}"
    try:
        return read_table(spark, path)
    except AnalysisException as error:
        raise MissingSilverTableError(
            f"Expected the Delta table {path}, found none that can be read: "
            f"run the silver jobs first. ({error})"
        ) from error


def write_gold(bookings: DataFrame, daily_spend: DataFrame, gold: str) -> dict[str, int]:
    """Replace every gold table below the address `gold`; their numbers of rows by name."""
    with ThreadPoolExecutor(WRITES_AT_ONCE) as pool:
        return dict(
            pool.map(
                lambda table: (
                    table.name,
                    _write(table, table.rows(bookings, daily_spend), gold),
                ),
                GOLD_TABLES,
            )
        )


def _write(table: GoldTable, rows: DataFrame, gold: str) -> int:
    path = f"{gold}/{table.name}"
    ensure_table(rows.sparkSession, path, rows.schema, table.partition_by)
    # One partition: the tables are small, and the comparison and the MERGE both read the rows.
    rows = rows.coalesce(1).persist()
    try:
        count = rows.count()
        replace_all(rows, path, table.keys)
    finally:
        rows.unpersist()
    log.info("wrote %s, %d rows", path, count)
    return count
