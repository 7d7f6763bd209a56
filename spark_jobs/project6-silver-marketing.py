"""Silver marketing: reads changed spend files, mends fact_marketing and rejected_marketing."""

from __future__ import annotations

import argparse
import json
import logging

from lakehouse import bronze, watermark
from lakehouse.marketing import INDEX_NAME, spend_day
from lakehouse.marketing_silver import accounting, write_days
from pyspark.sql import SparkSession

WATERMARK_KEY = "_watermarks/silver-marketing.json"


def run(
    spark: SparkSession, source: str, prefix: str, silver: str, full: bool, window: int | None
) -> None:
    """Bring silver up to date with the bronze files and print the accounting of rows."""
    s3 = bronze.s3_client()
    listing = bronze.list_objects(s3, source, prefix)
    since = None if full else bronze.read_watermark(s3, silver, WATERMARK_KEY)
    keys = [k for k in watermark.keys_to_read(listing, since, window) if k != prefix + INDEX_NAME]
    read = bronze.read_objects(source, keys)
    days = [spend_day(key, body) for key, body in read if body is not None]
    counts = accounting(days)
    write_days(spark, f"s3://{silver}", days, run_id=listing.started.isoformat())
    if window is None:
        bronze.store_watermark(s3, silver, WATERMARK_KEY, listing.started)
    print(json.dumps({"silver_marketing": counts}))


def main() -> None:
    """Run with the buckets that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "prefix", "silver"):
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
