"""Deliveries in; fact_events, rejected_events, fact_bookings and the accounting of objects out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse import bookings, fact_events, rejected_events
from lakehouse.delivery_rows import REJECTED, VANISHED
from lakehouse.delta_tables import ensure_table, read_table
from lakehouse.winners import SUPERSEDED, WINNER, judged

MOST_DRIFTED_FIELDS = 20


class LostObjectsError(RuntimeError):
    """The numbers of winners, superseded and rejected do not add up to the objects read."""


def write_deliveries(
    deliveries: DataFrame, expected: int, silver: str, run_id: str, rewrite: bool
) -> dict[str, Any]:
    """Bring the three tables below the address `silver` up to date; the accounting of objects.

    `expected` is the number of objects that the rows were to be read from. With `rewrite`, winners
    that stand already are written again, by today's rules.

    fact_bookings decides which winners are new and is therefore written last: after a crash
    between two commits the next run finds the same winners new and writes them again.
    """
    spark = deliveries.sparkSession
    ensure_tables(spark, silver)
    standing = read_table(spark, f"{silver}/fact_bookings")
    # Cached, so that each object is read from S3 once.
    verdicts = judged(deliveries, standing).persist()
    try:
        counts = outcome_counts(verdicts)
        account = accounting(counts, expected)
        chosen = f"outcome = '{WINNER}'" if rewrite else "is_new"
        is_needed = bool(counts.get(WINNER if rewrite else "new"))
        winners = verdicts.where(chosen)
        with ThreadPoolExecutor(2) as pool:
            rejects = pool.submit(
                rejected_events.store_rejects, verdicts, f"{silver}/rejected_events", run_id
            )
            if is_needed:
                fact_events.replace_invitees(winners, f"{silver}/fact_events")
            rejects.result()
        drift = drift_report(verdicts)
        _write_bookings(winners, standing, f"{silver}/fact_bookings")
    finally:
        verdicts.unpersist()
    return {**account, "new": counts.get("new", 0), "drift": drift}


def ensure_tables(spark: SparkSession, silver: str) -> None:
    """Make the three tables, those that are not there."""
    tables = (
        ("fact_events", fact_events.FACT_EVENTS, "event_date"),
        ("fact_bookings", bookings.FACT_BOOKINGS, "event_date"),
        ("rejected_events", rejected_events.REJECTED_EVENTS, None),
    )
    with ThreadPoolExecutor(len(tables)) as pool:
        for made in [
            pool.submit(ensure_table, spark, f"{silver}/{name}", schema, partition_by)
            for name, schema, partition_by in tables
        ]:
            made.result()


def outcome_counts(verdicts: DataFrame) -> dict[str, int]:
    """The number of objects by outcome, and of `new` winners."""
    rows = (
        verdicts.groupBy("outcome")
        .agg(F.count("*").alias("objects"), F.count_if("is_new").alias("new"))
        .select("outcome", "objects", "new")
        .collect()
    )
    counts = {row.outcome: row.objects for row in rows}
    return {**counts, "new": sum(row.new for row in rows)}


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


def _write_bookings(winners: DataFrame, standing: DataFrame, path: str) -> None:
    others = standing.join(winners.select("invitee_id"), on="invitee_id", how="left_anti")
    changed = bookings.bookings(winners).unionByName(bookings.of_another_channel(others))
    if not changed.isEmpty():
        bookings.upsert(changed, path)
