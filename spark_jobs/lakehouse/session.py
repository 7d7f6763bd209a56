"""The Spark session of a job: times in UTC, and plans made for few rows where there are few."""

from __future__ import annotations

from pyspark.sql import SparkSession

# To generate, compile and load code for a plan takes longer than to interpret it for so few rows,
# each stage of an adaptive plan is a Spark job of its own, and a table's log of some files needs
# no fifty partitions. An increment of 250 deliveries took half the CPU time with these settings.
FEW_BYTES = 32 * 2**20
FOR_FEW_ROWS = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.databricks.delta.snapshotPartitions": "2",
}


def session(name: str, size: int) -> SparkSession:
    """The session of the job of that name, whose input has `size` bytes as it is stored."""
    spark = SparkSession.builder.appName(name).getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    if size <= FEW_BYTES:
        for setting, value in FOR_FEW_ROWS.items():
            spark.conf.set(setting, value)
    return spark
