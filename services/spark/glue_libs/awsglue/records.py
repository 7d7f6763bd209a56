"""Rows as the records that functions of a script see, and records as rows again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pyspark.sql import DataFrame, Row
from pyspark.sql import types as T

VOID = re.compile(r'"(type|elementType|valueType)":"void"')


class DynamicRecord(dict[str, Any]):
    """A record whose fields are items and attributes."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


def record(value: Any) -> Any:
    """A row, whatever is nested in it, as records."""
    if isinstance(value, Row):
        names = value.__fields__  # type: ignore[attr-defined]
        return DynamicRecord(zip(names, map(record, value), strict=True))
    if isinstance(value, list):
        return [record(inner) for inner in value]
    return value


def filtered(frame: DataFrame, wanted: Callable[[Any], Any]) -> DataFrame:
    """As Glue does, a record on which the function finds no such field, or no fit, is left out."""

    def is_wanted(row: Row) -> bool:
        try:
            return bool(wanted(record(row)))
        except (KeyError, ValueError, TypeError):
            return False

    return frame.sparkSession.createDataFrame(frame.rdd.filter(is_wanted), frame.schema)


def changed(frame: DataFrame, change: Callable[[Any], Any]) -> DataFrame:
    """What the function makes of each record; whole numbers come back as bigint.

    An exception of the function ends the job: there are no error records here.
    """
    made = frame.rdd.map(lambda row: _plain(change(record(row))))
    if made.isEmpty():
        return frame
    spark = frame.sparkSession
    inferred = spark.createDataFrame(made.map(_row), samplingRatio=1.0).schema
    known = VOID.sub(r'"\1":"string"', inferred.json())
    return spark.createDataFrame(made, T.StructType.fromJson(json.loads(known)))


def _plain(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"Expected the function to return a record, found {type(value).__name__}")
    return dict(value)


def _row(value: Any) -> Any:
    """A struct where Spark would infer a map of a dict."""
    if isinstance(value, Mapping):
        return Row(**{name: _row(inner) for name, inner in value.items()})
    if isinstance(value, list):
        return [_row(inner) for inner in value]
    return value
