"""Gold: reads the silver facts, replaces the gold tables that are not up to date, prints counts."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

from lakehouse import gold_sources
from lakehouse.code_version import code_version
from lakehouse.gold import SILVER_TABLES, read_silver, write_gold
from lakehouse.s3_objects import bytes_below, s3_client
from lakehouse.session import kept, session
from lakehouse.spark_job_counts import numbers_of_jobs


def run(silver: str, gold: str, full: bool) -> None:
    """Bring the gold tables up to date with silver; with `full`, write each of them anew."""
    s3 = s3_client()
    notes = gold_sources.notes(s3, silver, code_version(Path(__file__)))
    stale = gold_sources.stale_tables(s3, gold, notes, every=full)
    if not stale:
        print("Skipped gold: its tables were made from this silver, these channels and this code.")
        return
    size = sum(bytes_below(s3, silver, f"{name}/") for name in SILVER_TABLES)
    spark = session("project6-gold", size)
    facts = [kept(read_silver(spark, f"s3://{silver}", name), size) for name in SILVER_TABLES]
    known = gold_sources.known_contents(s3, gold, stale)
    made = write_gold(*facts, f"s3://{gold}", {n: notes[n] for n in stale}, known, not full)
    gold_sources.confirm(s3, gold, stale, notes, {n: made[n].contents for n in made})
    rows = {name: table.rows for name, table in made.items()}
    print(json.dumps({"gold": rows, "spark_jobs": numbers_of_jobs(spark, list(rows))}))


def main() -> None:
    """Run with the buckets that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("silver")
    parser.add_argument("gold")
    parser.add_argument("--full", action="store_true")
    arguments = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("lakehouse").setLevel(logging.INFO)
    run(**vars(arguments))


if __name__ == "__main__":
    main()
