"""Gold counts of bookings: fact_bookings in, one frame per table out, grain in each name."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.channels import channel_names


def counted(bookings: DataFrame) -> DataFrame:
    """The bookings that count: a moved one counts once, at its new time."""
    return bookings.where(~_is_rescheduled())


def _is_rescheduled() -> Column:
    return F.coalesce(F.col("rescheduled"), F.lit(False))


def every_channel() -> Column:
    """One row per configured channel, for a select."""
    return F.explode(F.array(*(F.lit(name) for name in channel_names())))


def daily_bookings_by_channel(bookings: DataFrame) -> DataFrame:
    """Every booking date x every channel, zero where the channel has none."""
    bookings_of_day = counted(bookings)
    zeros = (
        bookings_of_day.select("booking_date")
        .distinct()
        .select("booking_date", every_channel().alias("channel"), F.lit(0).alias("n"))
    )
    return (
        bookings_of_day.select("booking_date", "channel", F.lit(1).alias("n"))
        .unionByName(zeros)
        .groupBy("booking_date", "channel")
        .agg(F.sum("n").alias("bookings_count"))
        .select(
            "booking_date",
            "channel",
            F.col("bookings_count").cast("bigint"),
            F.weekofyear("booking_date").alias("booking_week"),
        )
    )


def booking_time_analysis(bookings: DataFrame) -> DataFrame:
    """Bookings by channel, hour and day of the week (1 = Sunday) of their start, in UTC."""
    return (
        counted(bookings)
        .groupBy(
            "channel",
            F.hour("event_start_time").alias("booking_hour"),
            F.dayofweek("event_start_time").alias("booking_day_of_week"),
        )
        .agg(F.count("*").alias("bookings_count"))
        .select("channel", "booking_hour", "booking_day_of_week", "bookings_count")
    )


def meeting_load_per_employee(bookings: DataFrame) -> DataFrame:
    """Distinct scheduled events per member that still have a booking that is not canceled."""
    return (
        bookings.where(F.col("status") != "canceled")
        .where(F.col("scheduled_event_id").isNotNull())
        .select("scheduled_event_id", F.explode("employee_ids").alias("user_id"))
        .groupBy("user_id")
        .agg(F.countDistinct("scheduled_event_id").alias("total_meetings_count"))
        .select("user_id", "total_meetings_count")
    )


def booking_outcomes(bookings: DataFrame) -> DataFrame:
    """What became of each channel's bookings: one row per channel, zero-filled."""
    is_counted = ~F.col("is_rescheduled")
    of_channel = bookings.select("channel", "status", _is_rescheduled().alias("is_rescheduled"))
    # Rows without a flag or a status meet no condition below: they only name the channel.
    nothing = bookings.sparkSession.range(1).select(every_channel().alias("channel"))
    outcomes = (
        of_channel.unionByName(nothing, allowMissingColumns=True)
        .groupBy("channel")
        .agg(
            F.count_if(is_counted).alias("bookings"),
            F.count_if(is_counted & (F.col("status") == "canceled")).alias("canceled"),
            F.count_if("is_rescheduled").alias("rescheduled"),
            F.count_if(is_counted & (F.col("status") == "no_show")).alias("no_show"),
        )
    )
    return outcomes.select(
        "channel",
        "bookings",
        "canceled",
        "rescheduled",
        "no_show",
        (F.col("bookings") - F.col("canceled") - F.col("no_show")).alias("net_bookings"),
    )
