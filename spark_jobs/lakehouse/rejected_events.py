"""rejected_events: one row per rejected bronze object, with the first run that rejected it."""

from __future__ import annotations

import logging

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakehouse.delivery_rows import ACCEPTED, REJECTED
from lakehouse.delta_tables import read_table, table, view_of

log = logging.getLogger(__name__)

REJECTED_EVENTS = T.StructType(
    [
        T.StructField("bronze_key", T.StringType()),
        T.StructField("reasons", T.ArrayType(T.StringType())),
        T.StructField("raw", T.StringType()),
        T.StructField("run", T.StringType()),
    ]
)


def store_rejects(deliveries: DataFrame, path: str, run_id: str) -> None:
    """Add the rejected objects that are not there yet, in one commit.

    An object that was rejected and is accepted by today's rules leaves the table.
    """
    stored = read_table(deliveries.sparkSession, path).select("bronze_key", F.lit(1).alias("_is"))
    is_stored = F.col("_is").isNotNull()
    changes = (
        deliveries.join(stored, on="bronze_key", how="left")
        .where(
            ((F.col("state") == REJECTED) & ~is_stored) | ((F.col("state") == ACCEPTED) & is_stored)
        )
        .select("bronze_key", "reasons", "raw", F.lit(run_id).alias("run"))
    )
    if changes.isEmpty():
        log.info("unchanged %s", path)
        return
    with view_of(changes) as source:
        deliveries.sparkSession.sql(
            f"""
            MERGE INTO {table(path)} t USING {source} s ON t.bronze_key = s.bronze_key
            WHEN MATCHED THEN DELETE
            WHEN NOT MATCHED THEN INSERT *
            """
        )
    log.info("merged rejects into %s", path)
