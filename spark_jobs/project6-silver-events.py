"""Silver events: reads new bronze deliveries, mends fact_events, fact_bookings, rejected_events."""

from __future__ import annotations

import argparse
import json
import logging

from lakehouse import bronze, watermark
from lakehouse.delivery_rows import read_deliveries
from lakehouse.events_silver import write_deliveries
from lakehouse.exact_times import keep_times_exact
from pyspark.sql import SparkSession

WATERMARK_KEY = "_watermarks/silver-events.json"


def run(
    spark: SparkSession, source: str, prefix: str, silver: str, full: bool, window: int | None
) -> None:
    """Bring silver up to date with the bronze objects and print the accounting of objects."""
    s3 = bronze.s3_client()
    listing = bronze.list_objects(s3, source, prefix)
    since = None if full else bronze.read_watermark(s3, silver, WATERMARK_KEY)
    keys = watermark.keys_to_read(listing, since, window)
    account = write_deliveries(
        read_deliveries(spark, source, keys),
        expected=len(keys),
        silver=f"s3://{silver}",
        run_id=listing.started.isoformat(),
        rewrite=full or window is not None,
    )
    if window is None:
        bronze.store_watermark(s3, silver, WATERMARK_KEY, listing.started)
    print(json.dumps({"job": "silver-events", "listed": len(listing.objects), **account}))


def main() -> None:
    """Run with the buckets that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "prefix", "silver"):
        parser.add_argument(name)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--window-days", type=int, dest="window")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("py4j").setLevel(logging.WARNING)
    spark = SparkSession.builder.appName("project6-silver-events").getOrCreate()
    keep_times_exact(spark)
    run(spark, **vars(arguments))


if __name__ == "__main__":
    main()
