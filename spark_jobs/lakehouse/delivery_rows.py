"""Bronze objects in, one row per object out: parsed, typed, its arrays not yet exploded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

from lakehouse.bronze import read_objects
from lakehouse.deliveries import Rejected, parse_delivery
from lakehouse.event_columns import ARRAY_NAMES, ARRAYS, SCALARS, EventColumn, columns_of
from lakehouse.local_rows import local_rows

ACCEPTED, REJECTED, VANISHED = "accepted", "rejected", "vanished"
# Bodies are some KB: what a partition holds at once stays within an executor's memory.
MOST_OBJECTS_PER_PARTITION = 2000
# So much is read by this process before Python processes on executors have started, read their
# part and handed it to Java.
MOST_OBJECTS_IN_DRIVER, MOST_BYTES_IN_DRIVER = 2000, 32 * 2**20

_SPARK_TYPES = {
    "string": T.StringType(),
    "boolean": T.BooleanType(),
    "bigint": T.LongType(),
}


def struct_of(columns: Sequence[EventColumn]) -> T.StructType:
    """The columns as a Spark schema."""
    return T.StructType([T.StructField(c.name, _SPARK_TYPES[c.sql_type]) for c in columns])


# `state` is accepted, rejected (with reasons and raw), or vanished (deleted since it was listed).
DELIVERY = T.StructType(
    [
        T.StructField("bronze_key", T.StringType()),
        T.StructField("state", T.StringType()),
        T.StructField("reasons", T.ArrayType(T.StringType())),
        T.StructField("raw", T.StringType()),
        T.StructField("invitee_id", T.StringType()),
        T.StructField("event", T.StringType()),
        T.StructField("event_created_at", T.TimestampType()),
        T.StructField("event_start_time", T.TimestampType()),
        T.StructField("ingestion_time", T.TimestampType()),
        T.StructField("unknown_fields", T.ArrayType(T.StringType())),
        T.StructField("fields", struct_of(SCALARS)),
        *(
            T.StructField(ARRAY_NAMES[array], T.ArrayType(struct_of(columns_of(array))))
            for array in ARRAYS
        ),
    ]
)


def read_deliveries(spark: SparkSession, bucket: str, keys: Sequence[str], size: int) -> DataFrame:
    """One row per key, by one request each: few are read here, many where Spark works.

    `size` is what their objects have in bytes, together.
    """
    if len(keys) <= MOST_OBJECTS_IN_DRIVER and size <= MOST_BYTES_IN_DRIVER:
        return delivery_rows(spark, read_objects(bucket, keys))
    context = spark.sparkContext
    partitions = max(
        1,
        math.ceil(len(keys) / MOST_OBJECTS_PER_PARTITION),
        min(context.defaultParallelism, math.ceil(len(keys) / 50)),
    )
    rows = context.parallelize(keys, partitions).mapPartitions(partial(_read_rows, bucket))
    return spark.createDataFrame(rows, DELIVERY, verifySchema=False)


def delivery_rows(spark: SparkSession, objects: Iterable[tuple[str, bytes | None]]) -> DataFrame:
    """One row per object that is at hand already."""
    return local_rows(spark, map(delivery_row, objects), DELIVERY)


def delivery_row(item: tuple[str, bytes | None]) -> tuple[Any, ...]:
    """The object's row, in the order of DELIVERY."""
    key, body = item
    if body is None:
        return (key, VANISHED, *[None] * (len(DELIVERY) - 2))
    delivery = parse_delivery(key, body)
    if isinstance(delivery, Rejected):
        row = (key, REJECTED, list(delivery.reasons), delivery.raw)
        return (*row, *[None] * (len(DELIVERY) - len(row)))
    return (
        key,
        ACCEPTED,
        None,
        None,
        delivery.invitee_id,
        delivery.event,
        delivery.created_at,
        delivery.start_time,
        delivery.ingestion_time,
        delivery.unknown_fields,
        delivery.scalars,
        *delivery.arrays,
    )


def _read_rows(bucket: str, keys: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    return map(delivery_row, read_objects(bucket, keys))
