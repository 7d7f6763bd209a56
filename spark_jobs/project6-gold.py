"""Gold: reads the silver facts, replaces the seven gold tables, prints their numbers of rows."""

from __future__ import annotations

import argparse
import json
import logging

from lakehouse.gold import read_silver, write_gold
from pyspark.sql import SparkSession


def run(spark: SparkSession, silver: str, gold: str) -> None:
    """Make the gold tables at the address `gold` anew from the silver tables at `silver`."""
    bookings = read_silver(spark, silver, "fact_bookings").cache()
    daily_spend = read_silver(spark, silver, "fact_marketing").cache()
    print(json.dumps({"gold": write_gold(bookings, daily_spend, gold)}))


def main() -> None:
    """Run with the buckets that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("silver_bucket")
    parser.add_argument("gold_bucket")
    arguments = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("lakehouse").setLevel(logging.INFO)
    spark = SparkSession.builder.appName("project6-gold").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    run(spark, f"s3://{arguments.silver_bucket}", f"s3://{arguments.gold_bucket}")


if __name__ == "__main__":
    main()
