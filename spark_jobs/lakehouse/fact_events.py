"""fact_events: winning deliveries in, one row per combination of their arrays' elements out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakehouse.delivery_rows import struct_of
from lakehouse.delta_tables import append, is_one_of, merge
from lakehouse.event_columns import ARRAY_NAMES, ARRAYS, EVENT_COLUMNS
from lakehouse.uris import last_segment_sql

PARTITION = "event_date"
FACT_EVENTS = T.StructType(
    [*struct_of(EVENT_COLUMNS).fields, T.StructField(PARTITION, T.DateType())]
)


def exploded(deliveries: DataFrame) -> DataFrame:
    """The deliveries' rows of fact_events; an empty array still leaves a row."""
    rows = deliveries
    for name in ARRAY_NAMES.values():
        rows = rows.withColumn(name, F.explode_outer(name))
    source = {array: ARRAY_NAMES[array] for array in ARRAYS}
    return rows.select(
        *(
            F.col(f"{source[c.array] if c.array else 'fields'}.{c.name}").alias(c.name)
            for c in EVENT_COLUMNS
        ),
        F.to_date("event_created_at").alias("event_date"),
    )


def replace_invitees(
    deliveries: DataFrame, path: str, days: Collection[date] | None = None
) -> None:
    """Put the deliveries' rows in the place of their invitees' rows, in one commit.

    Where the event dates of the rows that are replaced are known, no other day is read: without
    one the rows are new and are appended.

    Else the source has a key for each invitee, whose rows are deleted, and the new rows without a
    key, which therefore match nothing and are inserted.
    """
    rows = exploded(deliveries)
    if days is not None and not days:
        append(rows, path, PARTITION)
        return
    empty = [F.lit(None).cast(field.dataType).alias(field.name) for field in FACT_EVENTS.fields]
    keys = deliveries.select(*empty, F.col("invitee_id").alias("_invitee_id"))
    names = ", ".join(f"`{name}`" for name in FACT_EVENTS.names)
    values = ", ".join(f"s.`{name}`" for name in FACT_EVENTS.names)
    scope = "true" if days is None else is_one_of(PARTITION, days, of="t")
    merge(
        keys.unionByName(rows.withColumn("_invitee_id", F.lit(None).cast("string"))),
        path,
        f"""
        ON {scope} AND {last_segment_sql("t.data_payload_uri")} = s._invitee_id
        WHEN MATCHED THEN DELETE
        WHEN NOT MATCHED AND s._invitee_id IS NULL THEN INSERT ({names}) VALUES ({values})
        """,
    )
