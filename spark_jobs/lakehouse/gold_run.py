"""One run of gold: silver as it stands in; the tables that are not up to date, made anew, out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lakehouse import gold_sources
from lakehouse.gold import SILVER_TABLES, read_silver, write_gold
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
    """The numbers of rows and of Spark jobs by table; None where all tables are up to date."""
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
        bookings, daily_spend = _silver(spark, f"s3://{job.silver}", size)
        known = gold_sources.known_contents(s3, job.gold, stale)
        gold = f"s3://{job.gold}"
        made = write_gold(bookings, daily_spend, gold, notes, known, is_compared=not job.full)
        contents = {name: table.contents for name, table in made.items()}
        own = gold_sources.confirm(s3, job.gold, stale, sources, contents)
        outputs += [Dataset(job.gold, name, commit.version) for name, commit in own.items()]
    rows = {name: table.rows for name, table in made.items()}
    return {"gold": rows, "spark_jobs": numbers_of_jobs(spark, list(rows))}


def _silver(spark: SparkSession, silver: str, size: int) -> list[DataFrame]:
    """The rows of SILVER_TABLES below the address, kept once they are read.

    Both at once: Delta runs Spark jobs to find a table's files, and waits for S3 in between.
    """
    with ThreadPoolExecutor(len(SILVER_TABLES)) as pool:
        read = pool.map(lambda name: kept(read_silver(spark, silver, name), size), SILVER_TABLES)
        return list(read)
