"""Deliveries in; fact_events, rejected_events, fact_bookings and the accounting of objects out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse import bookings, fact_events, rejected_events
from lakehouse.delivery_rows import REJECTED, VANISHED
from lakehouse.delta_tables import ensure_table, read_table
from lakehouse.spark_job_counts import jobs_of
from lakehouse.uris import last_segment_sql
from lakehouse.winners import SUPERSEDED, WINNER, judged

TABLES = FACT_EVENTS, FACT_BOOKINGS, REJECTED_EVENTS = (
    "fact_events", "fact_bookings", "rejected_events",
)  # fmt: skip
# The Spark jobs that no table alone needs: reading and judging.
DELIVERIES = "deliveries"
MOST_DRIFTED_FIELDS = 20


class LostObjectsError(RuntimeError):
    """The numbers of winners, superseded and rejected do not add up to the objects read."""


@dataclass(frozen=True)
class Summary:
    """Of judged deliveries: the numbers by outcome, and of `new` winners; what must be written.

    `days` are the event dates of the bookings whose place the written ones take; `ends` are the
    first and the last bronze key.
    """

    counts: dict[str, int]
    written: int
    days: frozenset[date]
    ends: tuple[str, str] | None
    has_drifted: bool


def write_deliveries(
    deliveries: DataFrame,
    expected: int,
    silver: str,
    run_id: str,
    rewrite: bool,
    is_in_step: bool = False,
    is_settled: bool = False,
) -> dict[str, Any]:
    """Bring the three tables below the address `silver` up to date; the accounting of objects.

    `expected` is the number of objects that the rows were to be read from. With `rewrite`, winners
    that stand already are written again, by today's rules. `is_in_step`: fact_events holds exactly
    the invitees of fact_bookings, each on its day there; `is_settled`: the channels that stand are
    today's. What is not known to be so is looked for in all of a table.

    fact_bookings decides which winners are new and is therefore written last: after a crash
    between two commits the next run finds the same winners new and writes them again.
    """
    spark = deliveries.sparkSession
    ensure_tables(spark, silver)
    with jobs_of(spark, DELIVERIES):
        standing = read_table(spark, f"{silver}/{FACT_BOOKINGS}")
        # Kept without its origin, so that each object is read from S3 once and no second reading
        # can differ: should the copy be lost, the run fails and the next one repeats it.
        verdicts = judged(deliveries, standing).localCheckpoint(eager=False)
        chosen = F.col("outcome") == WINNER if rewrite else F.col("is_new")
        found = summary(verdicts, chosen)
    account = accounting(found.counts, expected)
    winners = verdicts.where(chosen)

    def write_rejects() -> None:
        with jobs_of(spark, REJECTED_EVENTS):
            path = f"{silver}/{REJECTED_EVENTS}"
            rejected_events.store_rejects(verdicts, path, run_id, found.ends)

    with ThreadPoolExecutor(2) as pool:
        rejects = pool.submit(write_rejects) if found.ends else None
        if found.written:
            with jobs_of(spark, FACT_EVENTS):
                days = found.days if is_in_step else None
                fact_events.replace_invitees(winners, f"{silver}/{FACT_EVENTS}", days)
        if rejects:
            rejects.result()
    with jobs_of(spark, DELIVERIES):
        drift = drift_report(verdicts) if found.has_drifted else {}
    with jobs_of(spark, FACT_BOOKINGS):
        path = f"{silver}/{FACT_BOOKINGS}"
        if not is_settled:
            _write_bookings_and_channels(winners, standing, path)
        elif found.written:
            bookings.upsert(bookings.bookings(winners), path, found.days)
    return {**account, "new": found.counts.get("new", 0), "drift": drift}


def ensure_tables(spark: SparkSession, silver: str) -> None:
    """Make the three tables, those that are not there."""
    tables = (
        (FACT_EVENTS, fact_events.FACT_EVENTS, fact_events.PARTITION),
        (FACT_BOOKINGS, bookings.FACT_BOOKINGS, bookings.PARTITION),
        (REJECTED_EVENTS, rejected_events.REJECTED_EVENTS, None),
    )

    def ensure(name: str, schema: Any, partition_by: str | None) -> None:
        with jobs_of(spark, name):
            ensure_table(spark, f"{silver}/{name}", schema, partition_by)

    with ThreadPoolExecutor(len(tables)) as pool:
        for made in [pool.submit(ensure, *table) for table in tables]:
            made.result()


def are_in_step(spark: SparkSession, silver: str) -> bool:
    """Whether every invitee of fact_events stands in fact_bookings, on the same day."""
    day, path = bookings.PARTITION, f"{silver}/{FACT_EVENTS}"
    invitee = F.expr(last_segment_sql("data_payload_uri")).alias("invitee_id")
    exploded = read_table(spark, path).select(day, invitee).distinct()
    standing = read_table(spark, f"{silver}/{FACT_BOOKINGS}").select(day, "invitee_id")
    return exploded.join(standing, on=[day, "invitee_id"], how="left_anti").isEmpty()


def summary(verdicts: DataFrame, chosen: Column) -> Summary:
    """What one pass over the judged deliveries tells, of which the chosen ones are written."""
    outcomes = (WINNER, SUPERSEDED, REJECTED, VANISHED)
    row = verdicts.agg(
        *(F.count_if(F.col("outcome") == name).alias(name) for name in outcomes),
        F.count_if("is_new").alias("new"),
        F.count_if(chosen).alias("written"),
        F.collect_set(F.when(chosen, F.col("standing_date"))).alias("days"),
        F.min("bronze_key").alias("first"),
        F.max("bronze_key").alias("last"),
        F.count_if(F.size("unknown_fields") > 0).alias("drifted"),
    ).collect()[0]
    return Summary(
        counts={name: row[name] for name in (*outcomes, "new")},
        written=row.written,
        days=frozenset(row.days),
        ends=None if row["first"] is None else (row["first"], row["last"]),
        has_drifted=row.drifted > 0,
    )


def accounting(counts: dict[str, int], expected: int) -> dict[str, int]:
    """The account of a run that was to read `expected` objects.

    Raises LostObjectsError unless read = winners + superseded + rejected, where an object that
    was deleted after the listing was not read.
    """
    vanished = counts.get(VANISHED, 0)
    account = {
        "read": expected - vanished,
        "winners": counts.get(WINNER, 0),
        "superseded": counts.get(SUPERSEDED, 0),
        "rejected": counts.get(REJECTED, 0),
        "vanished": vanished,
    }
    if account["read"] != account["winners"] + account["superseded"] + account["rejected"]:
        raise LostObjectsError(
            f"Expected read = winners + superseded + rejected, found {account}: "
            "nothing was written; mend lakehouse/winners.py and run again."
        )
    return account


def drift_report(verdicts: DataFrame) -> dict[str, int]:
    """The unknown fields with the number of deliveries that have them, the most frequent ones."""
    rows = (
        verdicts.select(F.explode("unknown_fields").alias("field"))
        .groupBy("field")
        .agg(F.count("*").alias("deliveries"))
        .orderBy(F.col("deliveries").desc(), "field")
        .limit(MOST_DRIFTED_FIELDS)
        .collect()
    )
    return {row.field: row.deliveries for row in rows}


def _write_bookings_and_channels(winners: DataFrame, standing: DataFrame, path: str) -> None:
    others = standing.join(winners.select("invitee_id"), on="invitee_id", how="left_anti")
    changed = bookings.bookings(winners).unionByName(bookings.of_another_channel(others))
    if not changed.isEmpty():
        bookings.upsert(changed, path)
