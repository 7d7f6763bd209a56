"""rejected_events: one row per rejected bronze object, with the first run that rejected it."""

from __future__ import annotations

import logging

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakehouse.delivery_rows import ACCEPTED, REJECTED
from lakehouse.delta_tables import append, merge, read_table

log = logging.getLogger(__name__)

REJECTED_EVENTS = T.StructType(
    [
        T.StructField("bronze_key", T.StringType()),
        T.StructField("reasons", T.ArrayType(T.StringType())),
        T.StructField("raw", T.StringType()),
        T.StructField("run", T.StringType()),
    ]
)


def store_rejects(
    deliveries: DataFrame, path: str, run_id: str, ends: tuple[str, str] | None = None
) -> None:
    """Add the rejected objects that are not there yet, in one commit.

    An object that was rejected and is accepted by today's rules leaves the table. `ends` are the
    deliveries' first and last key: what lies beyond is not read.
    """
    stored = read_table(deliveries.sparkSession, path).select("bronze_key", F.lit(1).alias("_is"))
    if ends is not None:
        stored = stored.where(F.col("bronze_key").between(*ends))
    is_stored = F.col("_is").isNotNull()
    joined = deliveries.join(stored, on="bronze_key", how="left")
    new = (F.col("state") == REJECTED) & ~is_stored
    leaving = (F.col("state") == ACCEPTED) & is_stored
    # Kept, so that the table is looked through once; they are few, or all there are in a first run.
    changes = (
        joined.where(new | leaving)
        .select(
            "bronze_key", "reasons", "raw", F.lit(run_id).alias("run"), leaving.alias("_leaves")
        )
        .persist()
    )
    try:
        some_leave = changes.agg(F.max("_leaves")).collect()[0][0]
        if some_leave:
            merge(
                changes.drop("_leaves"),
                path,
                """
                ON t.bronze_key = s.bronze_key
                WHEN MATCHED THEN DELETE
                WHEN NOT MATCHED THEN INSERT *
                """,
            )
        elif some_leave is not None:
            append(changes.drop("_leaves"), path)
        else:
            log.info("unchanged %s", path)
    finally:
        changes.unpersist()
