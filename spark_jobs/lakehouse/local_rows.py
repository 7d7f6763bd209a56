"""Rows of this process in, a DataFrame out, without a Python worker to hand them over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 (EMR runs Python 3.9)


def local_rows(
    spark: SparkSession, rows: Iterable[tuple[Any, ...]], schema: T.StructType
) -> DataFrame:
    """The rows, in one partition; moments have a zone and are not within arrays or structs.

    createDataFrame starts a Python process on an executor, even for one row; from_json does not.
    """
    text = json.dumps([_plain(row, schema) for row in rows])
    moments = {f.name for f in schema.fields if isinstance(f.dataType, T.TimestampType)}
    fields = [
        T.StructField(f.name, T.LongType() if f.name in moments else f.dataType)
        for f in schema.fields
    ]
    # A body that was put into bronze by hand may be longer than the 20 MB that Jackson takes.
    options = {"mode": "FAILFAST", "maxStringLen": str(2**31 - 1)}
    parsed = F.from_json("rows", T.ArrayType(T.StructType(fields)), options)
    # A row of VALUES is data; a literal would be part of every plan that Spark shows and logs.
    return (
        spark.sql("SELECT * FROM VALUES (:rows) AS t(rows)", args={"rows": text})
        .select(F.inline(parsed))
        .select(
            *(F.timestamp_micros(n).alias(n) if n in moments else F.col(n) for n in schema.names)
        )
    )


def _plain(value: Any, kind: T.DataType) -> Any:
    if value is None:
        return None
    if isinstance(kind, T.StructType):
        fields = zip(kind.fields, value)  # noqa: B905 (EMR runs Python 3.9)
        return {field.name: _plain(inner, field.dataType) for field, inner in fields}
    if isinstance(kind, T.ArrayType):
        return [_plain(inner, kind.elementType) for inner in value]
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return value.isoformat() if isinstance(value, date) else value
