"""Gold: reads the silver facts, replaces the gold tables that are not up to date, prints counts."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

from lakehouse.code_version import code_version
from lakehouse.gold_run import GoldJob, bring_up_to_date
from lakehouse.job_flags import add_flags, job_arguments
from lakehouse.s3_objects import s3_client


def run(job: GoldJob) -> None:
    """Bring the gold tables up to date with silver; with `full`, write each of them anew."""
    counts = bring_up_to_date(s3_client(), job, code_version(Path(__file__)))
    if counts is None:
        print("Skipped gold: its tables were made from this silver, these channels and this code.")
    else:
        print(json.dumps(counts))


def main() -> None:
    """Run with the places that the arguments name: buckets, or folders of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("silver")
    parser.add_argument("gold")
    add_flags(parser, has_window=False)
    arguments = job_arguments(parser.parse_args())
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("lakehouse").setLevel(logging.INFO)
    run(GoldJob(**arguments))


if __name__ == "__main__":
    main()
