"""One run of gold: silver as it stands in; the tables that are not up to date, made anew, out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lakehouse import gold_sources
from lakehouse.gold import (
    BOOKINGS,
    SILVER_TABLES,
    SPEND,
    read_silver,
    silver_tables_of,
    write_gold,
)
from lakehouse.lineage import Dataset, JobRun, recorded
from lakehouse.s3_objects import bytes_below
from lakehouse.session import kept, session
from lakehouse.spark_job_counts import numbers_of_jobs


@dataclass(frozen=True)
class GoldJob:
    """The buckets; whether each table is written anew; the execution that the run is a part of."""

    silver: str
    gold: str
    full: bool = False
    execution: str | None = None


def bring_up_to_date(s3: Any, job: GoldJob, code: Mapping[str, str]) -> dict[str, Any] | None:
    """By table the numbers of rows, of rows of silver that were read, and of Spark jobs; None where
    all tables are up to date."""
    sources = gold_sources.notes(s3, job.silver, code)
    stale = gold_sources.stale_tables(s3, job.gold, sources, every=job.full)
    if not stale:
        return None
    run = JobRun.begun("gold", job.gold, job.execution)
    notes = {name: gold_sources.noted(sources[name], run.reference) for name in stale}
    inputs = [
        Dataset(job.silver, name, version)
        for name, version in gold_sources.versions(sources.values()).items()
    ]
    with recorded(s3, run, inputs) as outputs:
        size = sum(bytes_below(s3, job.silver, f"{name}/") for name in SILVER_TABLES)
        spark = session("project6-gold", size)
        silver = _silver(spark, f"s3://{job.silver}", size)
        known = gold_sources.known_contents(s3, job.gold, stale)
        gold = f"s3://{job.gold}"
        frames = (silver[BOOKINGS], silver[SPEND])
        made = write_gold(*frames, gold, notes, known, is_compared=not job.full)
        contents = {name: table.contents for name, table in made.items()}
        own = gold_sources.confirm(s3, job.gold, stale, sources, contents)
        outputs += [Dataset(job.gold, name, commit.version) for name, commit in own.items()]
    rows = {name: table.rows for name, table in made.items()}
    # They are kept since they were read, so that to count them reads nothing again.
    read = {name: silver[name].count() for name in silver_tables_of(stale)}
    return {"gold": rows, "read": read, "spark_jobs": numbers_of_jobs(spark, list(rows))}


def _silver(spark: SparkSession, silver: str, size: int) -> dict[str, DataFrame]:
    """The rows of each of SILVER_TABLES below the address, kept once they are read.

    Both at once: Delta runs Spark jobs to find a table's files, and waits for S3 in between.
    """
    with ThreadPoolExecutor(len(SILVER_TABLES)) as pool:
        return dict(
            pool.map(
                lambda name: (name, kept(read_silver(spark, silver, name), size)), SILVER_TABLES
            )
        )
