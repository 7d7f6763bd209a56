"""The Spark session of a job: times in UTC, plans made for few rows, and few rows kept together."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession

from lakehouse.lineage import NOTE_SETTING

# To generate, compile and load code for a plan takes longer than to interpret it for so few rows,
# each stage of an adaptive plan is a Spark job of its own, and a table's log of some files needs
# no fifty partitions. An increment of 250 deliveries took half the CPU time with these settings.
FEW_BYTES = 32 * 2**20
# So few that a second task takes longer to be sent than to be done by the first.
BYTES_OF_ONE_TASK = 2 * 2**20
FOR_FEW_ROWS = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.databricks.delta.snapshotPartitions": "2",
}
FOR_ONE_TASK = {
    "spark.sql.shuffle.partitions": "1",
    "spark.databricks.delta.snapshotPartitions": "1",
}


def session(name: str, size: int, note: str | None = None) -> SparkSession:
    """The session of the job of that name, whose input has `size` bytes as it is stored.

    The note is the `userMetadata` of each of its commits that is given no other.
    """
    spark = SparkSession.builder.appName(name).getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    settings = {
        **({NOTE_SETTING: note} if note else {}),
        **(FOR_FEW_ROWS if size <= FEW_BYTES else {}),
        **(FOR_ONE_TASK if size <= BYTES_OF_ONE_TASK else {}),
    }
    for setting, value in settings.items():
        spark.conf.set(setting, value)
    return spark


def kept(frame: DataFrame, size: int) -> DataFrame:
    """The frame of `size` bytes, kept once it is read; few rows in one partition.

    What is grouped, joined or ordered needs no exchange then.
    """
    return (frame.coalesce(1) if size <= FEW_BYTES else frame).cache()
