"""Delta tables by path: made where missing, and replaced or mended in one commit by SQL."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql.types import StructType

log = logging.getLogger(__name__)


def table(path: str) -> str:
    """The SQL name of the Delta table at the path."""
    return f"delta.`{path.replace('`', '``')}`"


def ensure_table(
    spark: SparkSession, path: str, schema: StructType, partition_by: str | None = None
) -> None:
    """Make an empty Delta table with these columns at the path, unless there is one."""
    columns = ", ".join(f"`{f.name}` {f.dataType.simpleString()}" for f in schema.fields)
    partition = f"PARTITIONED BY (`{partition_by}`)" if partition_by else ""
    spark.sql(f"CREATE TABLE IF NOT EXISTS {table(path)} ({columns}) USING DELTA {partition}")


def read_table(spark: SparkSession, path: str) -> DataFrame:
    """The rows of the Delta table at the path."""
    return spark.read.format("delta").load(path)


@contextmanager
def view_of(frame: DataFrame) -> Iterator[str]:
    """The name of a temporary view of the frame, unique so that threads do not share one."""
    name = f"source_{uuid4().hex}"
    frame.createTempView(name)
    try:
        yield name
    finally:
        frame.sparkSession.catalog.dropTempView(name)


def replace_all(frame: DataFrame, path: str, keys: Sequence[str]) -> bool:
    """Make the table's rows equal the frame's in one commit, and say whether one was needed.

    The keys identify a row in both; null equals null. An overwrite would not do: with
    `partitionOverwriteMode=dynamic` it leaves partitions behind that the frame no longer has.
    """
    return replace_where(frame, path, keys, scope="true")


def replace_where(
    frame: DataFrame, path: str, keys: Sequence[str], scope: str, uncompared: Sequence[str] = ()
) -> bool:
    """Like `replace_all`, for those rows of the table that meet the SQL condition `scope`.

    A row of which only `uncompared` columns differ is left as it is.
    """
    compared = [name for name in frame.columns if name not in uncompared]
    target = read_table(frame.sparkSession, path).where(scope)
    if _same_rows(frame.select(compared), target.select(compared)):
        log.info("unchanged %s", path)
        return False
    with view_of(frame) as source:
        frame.sparkSession.sql(
            merge_statement(source, table(path), frame.columns, keys, scope, compared)
        )
    log.info("replaced %s", path)
    return True


def merge_statement(
    source: str,
    target: str,
    columns: Sequence[str],
    keys: Sequence[str],
    scope: str,
    compared: Sequence[str],
) -> str:
    """The MERGE that makes the target's rows within the scope equal the source's."""
    same_key = " AND ".join(f"t.`{key}` <=> s.`{key}`" for key in keys)
    values = [name for name in compared if name not in keys]
    changed = " OR ".join(f"NOT (t.`{name}` <=> s.`{name}`)" for name in values) or "false"
    names = ", ".join(f"`{name}`" for name in columns)
    updates = ", ".join(f"`{name}` = s.`{name}`" for name in columns)
    inserts = ", ".join(f"s.`{name}`" for name in columns)
    return f"""
        MERGE INTO {target} t USING {source} s ON {same_key}
        WHEN MATCHED AND ({changed}) THEN UPDATE SET {updates}
        WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({inserts})
        WHEN NOT MATCHED BY SOURCE AND ({scope}) THEN DELETE
    """


def _same_rows(left: DataFrame, right: DataFrame) -> bool:
    # A MERGE with nothing to do would still commit an empty version and cost more than this.
    columns = left.columns
    sides = left.withColumn("_side", F.lit(1)).unionByName(right.withColumn("_side", F.lit(-1)))
    return sides.groupBy(*columns).agg(F.sum("_side").alias("_n")).where("_n <> 0").isEmpty()
