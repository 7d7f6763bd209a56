"""Silver marketing: reads changed spend files, mends fact_marketing and rejected_marketing."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

from lakehouse import bronze
from lakehouse.code_version import code_version
from lakehouse.job_flags import add_flags, job_arguments
from lakehouse.marketing import INDEX_NAME, spend_day
from lakehouse.marketing_silver import TABLES, accounting, write_days
from lakehouse.s3_objects import s3_client
from lakehouse.session import session
from lakehouse.silver_run import SilverJob, find_work, recorded_run, remember
from lakehouse.spark_job_counts import numbers_of_jobs

PROGRESS_KEY = "_watermarks/silver-marketing.json"


def run(job: SilverJob) -> None:
    """Bring silver up to date with the bronze files and print the accounting of rows."""
    s3, code = s3_client(), code_version(Path(__file__))
    work = find_work(s3, job, code)
    keys = [key for key in work.keys if key != job.prefix + INDEX_NAME]
    read = list(bronze.read_objects(job.source, keys))
    days = [spend_day(key, body) for key, body in read if body is not None]
    counts, jobs = accounting(days), dict.fromkeys(TABLES, 0)
    if days or not work.is_settled:
        with recorded_run(s3, job, work) as note:
            spark = session("project6-silver-marketing", work.size, note)
            write_days(spark, f"s3://{job.silver}", days, run_id=work.listing.started.isoformat())
            jobs = numbers_of_jobs(spark, TABLES)
    remember(s3, job, work, code, read=work.keys if len(days) == len(read) else ())
    print(json.dumps({"silver_marketing": counts, "spark_jobs": jobs}))


def main() -> None:
    """Run with the places that the arguments name: buckets, or folders of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "prefix", "silver"):
        parser.add_argument(name)
    add_flags(parser)
    arguments = job_arguments(parser.parse_args())
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("lakehouse").setLevel(logging.INFO)
    run(SilverJob(**arguments, tables=TABLES, progress_key=PROGRESS_KEY))


if __name__ == "__main__":
    main()
