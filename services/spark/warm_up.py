"""The job that warms a JVM: JSON in Python workers, Delta's MERGE and overwrite, windows, S3A.

Takes the folder of a table that it makes. It writes nothing to S3, where users would see it.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

ROUNDS = 3
SCHEMA = "k INT, day STRING, v STRING, at TIMESTAMP"
# No bucket: what a listing does until it is told so is the same as for one that is there.
NOWHERE = "s3://warm-up.invalid/none"


def main(folder: str) -> None:
    spark = SparkSession.builder.getOrCreate()
    spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
    for number in range(ROUNDS):
        if number:
            few_rows(spark)
        parsed = spark.createDataFrame(rows(spark), SCHEMA)
        latest(parsed).createOrReplaceTempView("source")
        merge(spark, f"{folder}/merged")
        daily(spark.table("source")).write.format("delta").mode("overwrite").save(f"{folder}/daily")
        by_day = spark.read.format("delta").load(f"{folder}/merged").where("k > 1")
        by_day.groupBy("day").agg(F.countDistinct("v"), F.max("at")).orderBy("day").collect()
        if number == 0:
            with suppress(Exception):
                spark.read.text(NOWHERE).count()


def few_rows(spark: SparkSession) -> None:
    """As the pipeline's jobs plan for few rows: spark_jobs/lakehouse/session.py."""
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    spark.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    spark.conf.set("spark.sql.codegen.wholeStage", "false")


def rows(spark: SparkSession) -> Any:
    lines = [
        json.dumps({"k": k % 7, "day": f"2026-01-0{k % 3 + 1}", "v": "x" * k}) for k in range(40)
    ]
    return spark.sparkContext.parallelize(lines, 2).map(parsed_line)


def parsed_line(line: str) -> tuple[Any, ...]:
    import datetime

    row = json.loads(line)
    at = datetime.datetime.fromisoformat(f"{row['day']}T10:00:00")
    return row["k"], row["day"], row["v"], at


def latest(parsed: DataFrame) -> DataFrame:
    order = Window.partitionBy("k").orderBy(F.col("at").desc(), F.col("v"))
    return parsed.withColumn("n", F.row_number().over(order)).where("n = 1").drop("n")


def merge(spark: SparkSession, table: str) -> None:
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS delta.`{table}` ({SCHEMA}) USING DELTA PARTITIONED BY (day)"
    )
    spark.sql(
        f"MERGE INTO delta.`{table}` t USING source s ON t.k <=> s.k AND t.day = s.day"
        " WHEN MATCHED AND t.v IS DISTINCT FROM s.v THEN UPDATE SET *"
        " WHEN NOT MATCHED THEN INSERT * WHEN NOT MATCHED BY SOURCE THEN DELETE"
    )


def daily(source: DataFrame) -> DataFrame:
    return source.groupBy("day").agg(F.count("*").alias("n"), F.sum(F.length("v")).alias("size"))


if __name__ == "__main__":
    main(sys.argv[1])
