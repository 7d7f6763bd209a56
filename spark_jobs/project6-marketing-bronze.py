"""Marketing bronze (Glue): copies the spend files that the source lists, prints a report."""

from __future__ import annotations

import argparse
import json
import logging

import boto3
from lakehouse.marketing_source import copy_to_bronze

SOURCE_URL = "https://dea-data-bucket.s3.us-east-1.amazonaws.com/calendly_spend_data"


def run(source_url: str, bronze_bucket: str) -> None:
    """Copy from the source to the bucket; fails where the index cannot be read."""
    report = copy_to_bronze(boto3.client("s3"), source_url.rstrip("/"), bronze_bucket)
    print(json.dumps({"marketing_bronze": report}))
    if report["missing"]:
        print(f"Listed but missing at the source: {', '.join(report['missing'])}")


def main() -> None:
    """Run with the `--KEY value` arguments that Glue passes, its own ones left aside."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--BRONZE_BUCKET", required=True)
    parser.add_argument("--SOURCE_URL", default=SOURCE_URL)
    arguments, _ = parser.parse_known_args()
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("lakehouse").setLevel(logging.INFO)
    run(arguments.SOURCE_URL, arguments.BRONZE_BUCKET)


if __name__ == "__main__":
    main()
