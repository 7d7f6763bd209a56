"""A frame and the Delta table that shall equal it in; one commit of what differs, if any, out."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakehouse.delta_tables import is_one_of, overwrite, read_table
from lakehouse.local_rows import local_rows
from lakehouse.table_contents import NO_DATE, TableContents, part_of

log = logging.getLogger(__name__)

# So many rows are compared in the driver's memory, and written from there.
MOST_ROWS_IN_DRIVER = 20_000
_NO_TABLE = ("PATH_NOT_FOUND", "DELTA_TABLE_NOT_FOUND", "DELTA_PATH_DOES_NOT_EXIST")


@dataclass(frozen=True)
class Target:
    """The table at the path, partitioned by a column of dates, if any.

    `note` goes with a commit as `userMetadata`. `contents` are what the table is known to hold:
    without them its rows are read. Without `is_compared` there is a commit in any case.
    """

    path: str
    partition_by: str | None = None
    note: str | None = None
    contents: TableContents | None = None
    is_compared: bool = True


@dataclass(frozen=True)
class Replaced:
    """The number of rows of a table, and what it holds, unless it has too many of them."""

    rows: int
    contents: TableContents | None = None


def replace_all(frame: DataFrame, target: Target) -> Replaced:
    """Make the table hold the frame's columns and rows: by one commit, by none if they are equal.

    Of a table that is partitioned by dates, only the dates that differ are written.
    """
    rows = rows_in_driver(frame)
    if rows is None:
        return _replaced_in_spark(frame, target)
    new = TableContents.of(rows, frame.dtypes, target.partition_by)
    old = (target.contents or _stored_contents(frame, target)) if target.is_compared else None
    if old is None or old.columns != new.columns:
        _write(frame, rows, target)
    elif differing := new.parts_that_differ(old):
        every = new.digests.keys() | old.digests.keys()
        is_partial = NO_DATE not in every and len(differing) < len(every)
        _write(frame, rows, target, differing if is_partial else None)
    else:
        log.info("unchanged %s", target.path)
    return Replaced(len(rows), new)


def rows_in_driver(frame: DataFrame) -> list[Row] | None:
    """The rows, each timestamp as microseconds since 1970; None where they are too many."""
    comparable = frame.select(*(_comparable(field) for field in frame.schema.fields))
    # Of one partition a single Spark job takes the first rows, however many partitions there were.
    rows = comparable.coalesce(1).limit(MOST_ROWS_IN_DRIVER + 1).collect()
    return rows if len(rows) <= MOST_ROWS_IN_DRIVER else None


def _comparable(field: T.StructField) -> Column:
    # As a datetime of Python, a moment would depend on the zone of this process.
    is_moment = isinstance(field.dataType, T.TimestampType)
    return F.unix_micros(field.name).alias(field.name) if is_moment else F.col(field.name)


def _stored_contents(frame: DataFrame, target: Target) -> TableContents | None:
    """What the table holds; None where there is none, or too many rows to be the frame's."""
    stored = _stored(frame, target.path)
    rows = None if stored is None else rows_in_driver(stored)
    if stored is None or rows is None:
        return None
    return TableContents.of(rows, stored.dtypes, target.partition_by)


def _write(
    frame: DataFrame, rows: Sequence[Row], target: Target, parts: Collection[str] | None = None
) -> None:
    """Write the rows of the parts, or all: those at hand, so that nothing is computed twice."""
    scope = None
    if parts is not None:
        scope = is_one_of(str(target.partition_by), map(date.fromisoformat, parts))
        rows = [row for row in rows if part_of(row, target.partition_by) in parts]
    written = local_rows(frame.sparkSession, rows, frame.schema)
    overwrite(written, target.path, target.partition_by, target.note, scope)


def _replaced_in_spark(frame: DataFrame, target: Target) -> Replaced:
    # Kept, so that what is written is what was compared.
    kept = frame.persist()
    try:
        stored = _stored(frame, target.path) if target.is_compared else None
        is_same_table = stored is not None and stored.dtypes == frame.dtypes
        old = stored if stored is not None and is_same_table else frame.limit(0)
        rows, differing = _counted_difference(kept, old)
        if differing or not is_same_table:
            overwrite(kept, target.path, target.partition_by, target.note)
        else:
            log.info("unchanged %s", target.path)
        return Replaced(rows)
    finally:
        kept.unpersist()


def _counted_difference(frame: DataFrame, old: DataFrame) -> tuple[int, int]:
    """The number of the frame's rows, and of the different rows that one side has more often."""
    sides = frame.withColumn("_side", F.lit(1)).unionByName(old.withColumn("_side", F.lit(-1)))
    counts = (
        sides.groupBy(*frame.columns)
        .agg(F.sum("_side").alias("_more"), F.count_if(F.col("_side") == 1).alias("_new"))
        .agg(F.sum("_new").alias("rows"), F.count_if(F.col("_more") != 0).alias("differing"))
        .collect()[0]
    )
    return counts.rows or 0, counts.differing


def _stored(frame: DataFrame, path: str) -> DataFrame | None:
    try:
        return read_table(frame.sparkSession, path)
    except AnalysisException as error:
        if error.getErrorClass() not in _NO_TABLE:
            raise
        return None
