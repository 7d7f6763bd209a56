"""Delta tables by path: made where missing, and their rows replaced or appended in one commit."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)


def table(path: str) -> str:
    """The SQL name of the Delta table at the path."""
    return f"delta.`{path.replace('`', '``')}`"


def ensure_table(
    spark: SparkSession, path: str, schema: T.StructType, partition_by: str | None = None
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


def merge(source: DataFrame, path: str, clauses: str) -> None:
    """MERGE the source `s` into the table `t` at the path by the clauses, from ON onwards.

    Delta reads a source twice and keeps a copy, lest the second reading differ. These sources come
    from rows that are kept already, see events_silver.py, and from silver as the run finds it, for
    writers are serialised: a copy would be a second one.
    https://github.com/delta-io/delta/blob/v3.3.2/spark/src/main/scala/org/apache/spark/sql/delta/commands/merge/MergeIntoMaterializeSource.scala
    """
    source.sparkSession.conf.set("spark.databricks.delta.merge.materializeSource", "none")
    with view_of(source) as view:
        source.sparkSession.sql(f"MERGE INTO {table(path)} t USING {view} s {clauses}")
    log.info("merged into %s", path)


def append(frame: DataFrame, path: str, partition_by: str | None = None) -> None:
    """Add the rows to the table in one commit, by one file for each value of the partition."""
    files = frame.repartition(partition_by) if partition_by else frame.coalesce(1)
    files.write.format("delta").mode("append").save(path)
    log.info("appended to %s", path)


def overwrite(
    frame: DataFrame,
    path: str,
    partition_by: str | None = None,
    note: str | None = None,
    scope: str | None = None,
) -> None:
    """Put the rows in the place of all there are, or of those within the SQL condition `scope`.

    In one commit, which carries the note as `userMetadata`. All columns become the frame's, unless
    there is a scope. The writer's own `static` wins over the session's `dynamic`, which leaves the
    partitions behind that the frame has no longer:
    https://docs.delta.io/latest/delta-batch.html#dynamic-partition-overwrites
    """
    writer = frame.write.format("delta").mode("overwrite")
    writer = writer.option("partitionOverwriteMode", "static")
    writer = (
        writer.option("replaceWhere", scope) if scope else writer.option("overwriteSchema", True)
    )
    if note is not None:
        writer = writer.option("userMetadata", note)
    if partition_by:
        writer = writer.partitionBy(partition_by)
    writer.save(path)
    log.info("replaced %s", path)


def is_one_of(column: str, values: Iterable[date | str], of: str = "") -> str:
    """The SQL condition that the column, of the alias `of`, is one of these dates or texts."""
    literals = ", ".join(sorted(_literal(value) for value in values))
    name = f"{of}.`{column}`" if of else f"`{column}`"
    return f"{name} IN ({literals})" if literals else "false"


def _literal(value: date | str) -> str:
    if isinstance(value, date):
        return f"DATE'{value}'"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
