"""Rows at hand, of some parts of a Delta table, in; one commit of the parts that differ, out."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql import types as T

from lakehouse.delta_tables import is_one_of, overwrite, read_table
from lakehouse.local_rows import local_rows

log = logging.getLogger(__name__)


def replace_parts(
    spark: SparkSession,
    path: str,
    schema: T.StructType,
    rows: Sequence[tuple[Any, ...]],
    by: str,
    parts: Collection[Any],
    uncompared: str | None = None,
) -> None:
    """Make the table's rows of these parts, values of the column `by`, equal the rows.

    A row of which only the column `uncompared` differs stays as it is. Parts that are equal are
    not written; where all are, there is no commit.
    """
    if not parts:
        return
    stored = [tuple(r) for r in read_table(spark, path).where(is_one_of(by, parts)).collect()]
    ignored = schema.names.index(uncompared) if uncompared else None
    standing = {_identity(row, ignored): row for row in stored}
    new = _by_part([standing.get(_identity(r, ignored), r) for r in rows], schema.names.index(by))
    old = _by_part(stored, schema.names.index(by))
    differing = [part for part in parts if new.get(part) != old.get(part)]
    if not differing:
        log.info("unchanged %s", path)
        return
    written = [row for part in differing for row in new.get(part, [])]
    overwrite(local_rows(spark, written, schema), path, scope=is_one_of(by, differing))


def _by_part(rows: Iterable[tuple[Any, ...]], column: int) -> dict[Any, list[tuple[Any, ...]]]:
    parts = defaultdict(list)
    for row in sorted(rows, key=repr):
        parts[row[column]].append(row)
    return dict(parts)


def _identity(row: tuple[Any, ...], ignored: int | None) -> str:
    return repr([value for column, value in enumerate(row) if column != ignored])
