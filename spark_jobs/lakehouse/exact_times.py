"""The session settings by which a time is stored and read back as the same moment."""

from __future__ import annotations

from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    # Otherwise Spark refuses to write days before 1582 and moments before 1900, so that one
    # delivery could stop the pipeline.
    # https://spark.apache.org/docs/3.5.6/sql-data-sources-parquet.html#configuration
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    # INT96, the default, is nanoseconds to other readers: they lose years before 1677, after 2262.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}


def keep_times_exact(spark: SparkSession) -> None:
    """Set the session so that times are in UTC and any year of a timestamp can be stored."""
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
