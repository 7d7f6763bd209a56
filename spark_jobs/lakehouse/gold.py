"""The gold tables: the silver facts in, seven small Delta tables out, each made anew."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from lakehouse import gold_bookings, gold_spend
from lakehouse.delta_tables import read_table
from lakehouse.replaced_tables import Replaced, Target, replace_all
from lakehouse.spark_job_counts import jobs_of
from lakehouse.table_contents import TableContents

log = logging.getLogger(__name__)

# Each write waits mostly for S3, so that a few at once pay even on two cores.
WRITES_AT_ONCE = 4


class MissingSilverTableError(RuntimeError):
    """A silver table that gold reads is not there."""


@dataclass(frozen=True)
class GoldTable:
    """A table's name, the silver tables it is made from, and how its rows come from their rows."""

    name: str
    reads: tuple[str, ...]
    rows: Callable[[DataFrame, DataFrame], DataFrame]
    partition_by: str | None = None


SILVER_TABLES = BOOKINGS, SPEND = "fact_bookings", "fact_marketing"
GOLD_TABLES = (
    GoldTable(
        "gold_daily_bookings_by_channel",
        (BOOKINGS,),
        lambda bookings, _: gold_bookings.daily_bookings_by_channel(bookings),
        partition_by="booking_date",
    ),
    GoldTable("gold_cpb_by_channel", (BOOKINGS, SPEND), gold_spend.cpb_by_channel),
    GoldTable("gold_channel_attribution", (BOOKINGS, SPEND), gold_spend.channel_attribution),
    GoldTable(
        "gold_booking_time_analysis",
        (BOOKINGS,),
        lambda bookings, _: gold_bookings.booking_time_analysis(bookings),
    ),
    GoldTable(
        "gold_meeting_load_per_employee",
        (BOOKINGS,),
        lambda bookings, _: gold_bookings.meeting_load_per_employee(bookings),
    ),
    GoldTable(
        "gold_booking_metrics",
        (BOOKINGS, SPEND),
        gold_spend.booking_metrics,
        partition_by="booking_date",
    ),
    GoldTable(
        "gold_booking_outcomes",
        (BOOKINGS,),
        lambda bookings, _: gold_bookings.booking_outcomes(bookings),
    ),
)


def silver_tables_of(names: Collection[str]) -> list[str]:
    """The silver tables that the gold tables of these names are made from."""
    read = {silver for table in GOLD_TABLES if table.name in names for silver in table.reads}
    return [name for name in SILVER_TABLES if name in read]


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


def write_gold(
    bookings: DataFrame,
    daily_spend: DataFrame,
    gold: str,
    notes: Mapping[str, str] | None = None,
    known: Mapping[str, TableContents] | None = None,
    is_compared: bool = True,
) -> dict[str, Replaced]:
    """Replace the gold tables below the address `gold`; what each holds then, by name.

    Where there are notes by name, only the tables that they name, with the notes in their commits.
    Of the known tables the stored rows are not read. Without `is_compared` there is a commit in any
    case.
    """
    tables = [t for t in GOLD_TABLES if notes is None or t.name in notes]

    def write(table: GoldTable) -> tuple[str, Replaced]:
        rows = table.rows(bookings, daily_spend)
        target = Target(
            path=f"{gold}/{table.name}",
            partition_by=table.partition_by,
            note=(notes or {}).get(table.name),
            contents=(known or {}).get(table.name),
            is_compared=is_compared,
        )
        with jobs_of(rows.sparkSession, table.name):
            replaced = replace_all(rows, target)
        log.info("made %s, %d rows", target.path, replaced.rows)
        return table.name, replaced

    with ThreadPoolExecutor(WRITES_AT_ONCE) as pool:
        return dict(pool.map(write, tables))
