"""Gold costs: fact_bookings and fact_marketing in, one frame per table out."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold_bookings import counted, every_channel

# Sums of doubles depend on the order of the rows; sums of decimals do not, so that a rerun gives
# the same bits and 35 days of cents add up to whole cents.
_MONEY = "decimal(28,6)"
_LARGEST = 1e21


def total_spend(spend: str) -> Column:
    """The sum of a column of doubles, exact to a millionth whatever the order of the rows."""
    in_decimals = F.sum(F.col(spend).cast(_MONEY)).cast("double")
    # A double that no decimal holds casts to null, which a sum would leave out without a word.
    fits = F.max(spend) < _LARGEST
    return F.coalesce(F.when(fits, in_decimals), F.sum(spend), F.lit(0.0))


def cost_per_booking(spend: str, bookings: str) -> Column:
    """Spend over bookings, 0.0 where there are no bookings."""
    return F.coalesce(F.try_divide(F.col(spend), F.col(bookings)), F.lit(0.0))


def cpb_by_channel(bookings: DataFrame, daily_spend: DataFrame) -> DataFrame:
    """Bookings, spend and cost per booking of every channel: one row per channel."""
    n, spend = F.lit(0).alias("n"), F.lit(0.0).alias("spend")
    spent = daily_spend.select("channel", n, "spend")
    zeros = (
        daily_spend.sparkSession.range(1)
        .select(every_channel().alias("channel"))
        .select("channel", n, spend)
    )
    return (
        counted(bookings)
        .select("channel", F.lit(1).alias("n"), spend)
        .unionByName(spent)
        .unionByName(zeros)
        .groupBy("channel")
        .agg(F.sum("n").alias("total_bookings_count"), total_spend("spend").alias("total_spend"))
        .select(
            "channel",
            "total_bookings_count",
            "total_spend",
            cost_per_booking("total_spend", "total_bookings_count").alias("cpb"),
        )
    )


def channel_attribution(bookings: DataFrame, daily_spend: DataFrame) -> DataFrame:
    """The cost of every channel with its dense ranks: most bookings first, cheapest first."""
    by_volume = Window.orderBy(F.col("total_bookings_count").desc())
    by_cpb = Window.orderBy(F.col("cpb").asc())
    return cpb_by_channel(bookings, daily_spend).select(
        "channel",
        "total_bookings_count",
        "total_spend",
        "cpb",
        F.dense_rank().over(by_volume).alias("rank_by_volume"),
        F.dense_rank().over(by_cpb).alias("rank_by_cpb"),
    )


def booking_metrics(bookings: DataFrame, daily_spend: DataFrame) -> DataFrame:
    """Bookings per date, channel and hour, with the day's spend shared over its hours.

    A day with spend but no booking is one row without an hour, so that the sums over any days
    and channels equal fact_marketing.
    """
    day = ["booking_date", "channel"]
    hours = (
        counted(bookings)
        .groupBy(*day, F.date_trunc("hour", "event_start_time").alias("booking_hour"))
        .agg(F.count("*").alias("n"))
        .withColumn("n_of_day", F.sum("n").over(Window.partitionBy(*day)))
    )
    days = (
        daily_spend.withColumnRenamed("spend_date", "booking_date")
        .groupBy(*day)
        .agg(total_spend("spend").alias("spend_of_day"))
    )
    share = F.col("spend_of_day") * F.col("n") / F.col("n_of_day")
    shared = hours.join(days, on=day, how="full_outer").select(
        *day,
        "booking_hour",
        F.coalesce("n", F.lit(0)).cast("int").alias("total_bookings"),
        F.coalesce(share, "spend_of_day", F.lit(0.0)).alias("total_spend"),
    )
    return shared.select(
        "booking_date",
        "channel",
        "booking_hour",
        F.weekofyear("booking_date").alias("booking_week"),
        "total_bookings",
        "total_spend",
        cost_per_booking("total_spend", "total_bookings").alias("cost_per_booking"),
    )
