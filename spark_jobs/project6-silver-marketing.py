"""Silver marketing: reads changed spend files, mends fact_marketing and rejected_marketing."""

from __future__ import annotations

import argparse
import json
import logging

import boto3
from lakehouse import marketing_objects as objects
from lakehouse.marketing import spend_day
from lakehouse.marketing_silver import accounting, write_days
from pyspark.sql import SparkSession


def run(
    spark: SparkSession, bronze: str, prefix: str, silver: str, full: bool, window: int | None
) -> None:
    """Bring silver up to date with the bronze files and print the accounting of rows."""
    s3 = boto3.client("s3")
    listing = objects.list_spend_files(s3, bronze, prefix)
    keys = objects.keys_to_read(s3, listing, silver, full, window)
    days = [spend_day(key, body) for key, body in objects.read_files(s3, bronze, keys)]
    counts = accounting(days)
    write_days(spark, f"s3://{silver}", days, run_id=listing.started.isoformat())
    if window is None:
        objects.store_watermark(s3, silver, listing.started)
    print(json.dumps({"silver_marketing": counts}))


def main() -> None:
    """Run with the buckets that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("bronze", "prefix", "silver"):
        parser.add_argument(name)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--window-days", type=int, dest="window")
    arguments = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("lakehouse").setLevel(logging.INFO)
    spark = SparkSession.builder.appName("project6-silver-marketing").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    run(spark, **vars(arguments))


if __name__ == "__main__":
    main()
