"""A job of the pipeline in plain Python: its tables' rows are made up, their places are not.

Run as the Spark scripts are, by tests/support/process_spark: BUCKET PREFIX SILVER, or SILVER GOLD.
"""

from __future__ import annotations

import json
import os
import sys
import time

import boto3
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

MORE_SPEND = 0.0  # on this channel and day; a test writes another number here
CHANNEL, DAY = "youtube_paid_ads", "2026-01-15"
OPTIONS = {
    "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
    "AWS_ALLOW_HTTP": "true",
    "AWS_S3_ALLOW_UNSAFE_RENAME": "true",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
}


def write(place: str, table: str, rows: list[dict]) -> None:
    write_deltalake(f"s3://{place}/{table}", pa.Table.from_pylist(rows), storage_options=OPTIONS)


def events(bronze: str, prefix: str, silver: str) -> None:
    keys = [key.removeprefix(prefix) for key in listed(bronze, prefix)]
    write(silver, "fact_events", [{"data_payload_uri": key} for key in keys])
    write(silver, "fact_bookings", [{"invitee_id": key, "channel": "others"} for key in keys])
    write(silver, "rejected_events", [{"bronze_key": "none", "run": str(time.time())}])


def marketing(bronze: str, prefix: str, silver: str) -> None:
    s3, rows = boto3.client("s3"), []
    for key in listed(bronze, prefix):
        for row in json.loads(s3.get_object(Bucket=bronze, Key=key)["Body"].read()):
            if isinstance(row["spend"], float):
                more = MORE_SPEND if (row["channel"], row["date"]) == (CHANNEL, DAY) else 0
                spend = round(row["spend"] + more, 2)
                channel = row["channel"].removesuffix("_paid_ads")
                rows.append({"spend_date": row["date"], "channel": channel, "spend": spend})
    write(silver, "fact_marketing", rows)
    write(silver, "rejected_marketing", [{"bronze_key": "none", "row_number": 1, "run": "now"}])


def gold(silver: str, place: str) -> None:
    spend = DeltaTable(f"s3://{silver}/fact_marketing", storage_options=OPTIONS)
    total: dict[str, float] = {}
    for row in pa.table(spend.scan()).to_pylist():
        total[row["channel"]] = total.get(row["channel"], 0.0) + row["spend"]
    rows = [{"channel": name, "total_spend": round(sum_, 2)} for name, sum_ in total.items()]
    write(place, "gold_cpb_by_channel", rows)
    for table, keys in {
        "gold_daily_bookings_by_channel": ("booking_date", "channel"),
        "gold_channel_attribution": ("channel",),
        "gold_booking_time_analysis": ("channel", "booking_hour", "booking_day_of_week"),
        "gold_meeting_load_per_employee": ("user_id",),
        "gold_booking_metrics": ("booking_date", "channel", "booking_hour"),
        "gold_booking_outcomes": ("channel",),
    }.items():
        write(place, table, [dict.fromkeys(keys, "1")])


def listed(bucket: str, prefix: str) -> list[str]:
    pages = boto3.client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"] for page in found for entry in page.get("Contents", [])]


if __name__ == "__main__":
    given = sys.argv[1:]
    if len(given) == 2:
        gold(*given)
    elif given[1].endswith("events/"):
        events(*given)
    else:
        marketing(*given)
