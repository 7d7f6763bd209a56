"""Deliveries and the bookings that stand in, what becomes of each delivery out."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.deliveries import EVENTS
from lakehouse.delivery_rows import ACCEPTED

WINNER, SUPERSEDED = "winner", "superseded"


def judged(deliveries: DataFrame, standing: DataFrame) -> DataFrame:
    """The deliveries with `outcome` (winner, superseded, rejected, vanished) and `is_new`.

    The winner among an invitee's deliveries is the greatest of (created_at, event, bronze key),
    the one that stands in fact_bookings included; a winner that does not stand yet is new. The
    column `standing_date` is the event_date of the booking that stands, if any.
    """
    ranked = deliveries.withColumn("_order", _order()).withColumn("_rank", _rank())
    orders = standing.select(
        F.col("invitee_id").alias("_standing_id"),
        _order().alias("_standing_order"),
        F.col("event_date").alias("standing_date"),
    )
    compared = ranked.join(orders, on=F.col("invitee_id") == F.col("_standing_id"), how="left")
    wins = (F.col("_rank") == 1) & F.coalesce(
        F.col("_order") >= F.col("_standing_order"), F.lit(True)
    )
    accepted = F.col("state") == ACCEPTED
    outcome = (
        F.when(accepted & wins, F.lit(WINNER))
        .when(accepted & ~wins, F.lit(SUPERSEDED))
        .when(~accepted, F.col("state"))
    )
    is_new = (outcome == WINNER) & ~F.col("_order").eqNullSafe(F.col("_standing_order"))
    return compared.select(
        *deliveries.columns, outcome.alias("outcome"), is_new.alias("is_new"), "standing_date"
    )


def _order() -> Column:
    names = ", ".join(f"'{event}'" for event in EVENTS)
    return F.struct(
        F.col("event_created_at").alias("created_at"),
        F.expr(f"array_position(array({names}), event)").alias("event"),
        F.col("bronze_key").alias("bronze_key"),
    )


def _rank() -> Column:
    # Without an invitee each object is a group of its own: rejects must not pile up in one task.
    invitee = F.coalesce("invitee_id", "bronze_key")
    newest_first = (
        Window.partitionBy(invitee)
        .orderBy(F.col("_order").desc())
        .rowsBetween(Window.unboundedPreceding, Window.currentRow)
    )
    return F.row_number().over(newest_first)
