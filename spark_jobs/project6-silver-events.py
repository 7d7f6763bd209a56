"""Silver events: reads new bronze deliveries, mends fact_events, fact_bookings, rejected_events."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

from lakehouse import events_run
from lakehouse.code_version import code_version
from lakehouse.events_silver import TABLES
from lakehouse.job_flags import add_flags, job_arguments
from lakehouse.s3_objects import s3_client
from lakehouse.session import session
from lakehouse.silver_run import SilverJob, find_work, recorded_run, remember

PROGRESS_KEY = "_watermarks/silver-events.json"


def run(job: SilverJob) -> None:
    """Bring silver up to date with the bronze objects and print the accounting of objects."""
    s3, code = s3_client(), code_version(Path(__file__))
    work = find_work(s3, job, code)
    account, is_in_step = events_run.NOTHING, True
    if work.keys or not work.is_settled:
        with recorded_run(s3, job, work) as note:
            spark = session("project6-silver-events", events_run.size_of(s3, job, work), note)
            account, is_in_step = events_run.mend(spark, job, work)
    read = () if account["vanished"] else work.keys
    remember(s3, job, work, code, read, is_in_step)
    print(json.dumps({"job": "silver-events", "listed": len(work.listing.objects), **account}))


def main() -> None:
    """Run with the places that the arguments name: buckets, or folders of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "prefix", "silver"):
        parser.add_argument(name)
    add_flags(parser)
    arguments = job_arguments(parser.parse_args())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("py4j").setLevel(logging.WARNING)
    run(SilverJob(**arguments, tables=TABLES, progress_key=PROGRESS_KEY))


if __name__ == "__main__":
    main()
