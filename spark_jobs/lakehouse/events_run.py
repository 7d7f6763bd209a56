"""One run of silver events: the objects to read in, the three tables and its account out."""

from __future__ import annotations

from typing import Any

from pyspark.sql import SparkSession

from lakehouse.delivery_rows import read_deliveries
from lakehouse.events_silver import (
    DELIVERIES,
    FACT_BOOKINGS,
    TABLES,
    are_in_step,
    write_deliveries,
)
from lakehouse.exact_times import keep_times_exact
from lakehouse.s3_objects import bytes_below
from lakehouse.silver_run import SilverJob, Work
from lakehouse.spark_job_counts import jobs_of, numbers_of_jobs

NOTHING: dict[str, Any] = {
    "read": 0, "winners": 0, "superseded": 0, "rejected": 0, "vanished": 0, "new": 0, "drift": {},
    "spark_jobs": dict.fromkeys((DELIVERIES, *TABLES), 0),
}  # fmt: skip


def size_of(s3: Any, job: SilverJob, work: Work) -> int:
    """The bytes that the run reads: its objects, and the tables that it looks through whole."""
    tables = (FACT_BOOKINGS,) if work.is_settled else TABLES
    return work.size + sum(bytes_below(s3, job.silver, f"{name}/") for name in tables)


def mend(spark: SparkSession, job: SilverJob, work: Work) -> tuple[dict[str, Any], bool]:
    """The run's account, and whether fact_events and fact_bookings are in step afterwards."""
    keep_times_exact(spark)
    silver = f"s3://{job.silver}"
    is_in_step = work.is_first or work.is_in_step
    account = write_deliveries(
        read_deliveries(spark, job.source, work.keys, work.size),
        expected=len(work.keys),
        silver=silver,
        run_id=work.listing.started.isoformat(),
        rewrite=job.full or job.window is not None,
        is_in_step=is_in_step,
        is_settled=work.is_first or work.is_settled,
    )
    if not is_in_step:
        with jobs_of(spark, DELIVERIES):
            is_in_step = are_in_step(spark, silver)
    jobs = numbers_of_jobs(spark, (DELIVERIES, *TABLES))
    return {**account, "spark_jobs": jobs}, is_in_step
