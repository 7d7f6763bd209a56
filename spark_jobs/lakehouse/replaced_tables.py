"""A frame and the Delta table that shall equal it in; one commit of what differs, if any, out."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakehouse.delta_tables import is_one_of, overwrite, read_table

log = logging.getLogger(__name__)

# So many rows are compared in the driver's memory, which takes one Spark job for each side.
MOST_ROWS_IN_DRIVER = 20_000
_NO_TABLE = ("PATH_NOT_FOUND", "DELTA_TABLE_NOT_FOUND", "DELTA_PATH_DOES_NOT_EXIST")


@dataclass(frozen=True)
class Difference:
    """The frame's number of rows; whether a table differs, and within which SQL condition."""

    rows: int
    is_any: bool
    scope: str | None = None


def replace_all(
    frame: DataFrame,
    path: str,
    partition_by: str | None = None,
    note: str | None = None,
    is_compared: bool = True,
) -> int:
    """Make the table hold the frame's columns and rows; their number.

    By one commit that carries the note as `userMetadata`, or by none where they are equal. Of a
    table that is partitioned by dates, only the dates that differ are written.
    """
    # Kept, so that what is written is what was compared.
    kept = frame.persist()
    try:
        stored = _stored(frame, path) if is_compared else None
        found = difference(kept, stored, partition_by)
        if found.is_any:
            rows = kept.where(found.scope) if found.scope else kept
            files = rows.coalesce(1) if found.rows <= MOST_ROWS_IN_DRIVER else rows
            overwrite(files, path, partition_by, note, found.scope)
        else:
            log.info("unchanged %s", path)
        return found.rows
    finally:
        kept.unpersist()


def difference(frame: DataFrame, stored: DataFrame | None, partition_by: str | None) -> Difference:
    """How the frame differs from what is stored; None: there is no table of these columns."""
    new = rows_in_driver(frame)
    old = [] if stored is None or new is None else rows_in_driver(stored)
    if new is None or old is None:
        return _counted_difference(frame, stored)
    if stored is None:
        return Difference(len(new), is_any=True)
    new_parts, old_parts = _parts(new, partition_by), _parts(old, partition_by)
    every = new_parts.keys() | old_parts.keys()
    differing = {part for part in every if new_parts.get(part) != old_parts.get(part)}
    is_partial = partition_by and None not in differing and len(differing) < len(every)
    scope = is_one_of(partition_by, differing) if partition_by and is_partial else None
    return Difference(len(new), bool(differing), scope)


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


def _parts(rows: Sequence[Row], partition_by: str | None) -> dict[Any, Counter[str]]:
    parts: dict[Any, Counter[str]] = {}
    for row in rows:
        part = row[partition_by] if partition_by else None
        parts.setdefault(part, Counter())[repr(row)] += 1
    return parts


def _counted_difference(frame: DataFrame, stored: DataFrame | None) -> Difference:
    old = frame.limit(0) if stored is None else stored
    sides = frame.withColumn("_side", F.lit(1)).unionByName(old.withColumn("_side", F.lit(-1)))
    counts = (
        sides.groupBy(*frame.columns)
        .agg(F.sum("_side").alias("_more"), F.count_if(F.col("_side") == 1).alias("_new"))
        .agg(F.sum("_new").alias("rows"), F.count_if(F.col("_more") != 0).alias("differing"))
        .collect()[0]
    )
    return Difference(counts.rows or 0, stored is None or counts.differing > 0)


def _stored(frame: DataFrame, path: str) -> DataFrame | None:
    try:
        stored = read_table(frame.sparkSession, path)
    except AnalysisException as error:
        if error.getErrorClass() not in _NO_TABLE:
            raise
        return None
    return stored if stored.dtypes == frame.dtypes else None
