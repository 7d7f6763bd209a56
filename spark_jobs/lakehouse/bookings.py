"""fact_bookings: winning deliveries in, one row per booking out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakehouse.channels import with_channel
from lakehouse.delta_tables import append, is_one_of, merge
from lakehouse.uris import last_segment_sql, standard_text_sql

PARTITION = "event_date"
FACT_BOOKINGS = T.StructType(
    [
        T.StructField(PARTITION, T.DateType()),
        T.StructField("invitee_id", T.StringType()),
        T.StructField("booking_date", T.DateType()),
        T.StructField("channel", T.StringType()),
        T.StructField("employee_email", T.StringType()),
        T.StructField("event_start_time", T.TimestampType()),
        T.StructField("ingestion_date", T.DateType()),
        T.StructField("is_valid_record", T.BooleanType()),
        T.StructField("event", T.StringType()),
        T.StructField("employee_ids", T.ArrayType(T.StringType())),
        T.StructField("scheduled_event_id", T.StringType()),
        T.StructField("event_type_id", T.StringType()),
        T.StructField("event_created_at", T.TimestampType()),
        T.StructField("ingestion_time", T.TimestampType()),
        T.StructField("status", T.StringType()),
        T.StructField("rescheduled", T.BooleanType()),
        T.StructField("bronze_key", T.StringType()),
    ]
)

_EVENT = "fields.data_payload_scheduled_event"
_MEMBER = "data_payload_scheduled_event_event_memberships"
_STATUS = f"""
    CASE WHEN {standard_text_sql("fields.data_payload_status")} = 'canceled' THEN 'canceled'
         WHEN fields.data_payload_no_show IS NOT NULL THEN 'no_show'
         ELSE 'active' END
"""
_EMPLOYEE_IDS = f"""
    filter(transform(event_memberships, m -> {last_segment_sql(f"m.{_MEMBER}_user")}),
           id -> id IS NOT NULL)
"""
_EMPLOYEE_EMAIL = f"lower({standard_text_sql(f'get(event_memberships, 0).{_MEMBER}_user_email')})"
_SCHEDULED_EVENT_ID = f"""
    coalesce({last_segment_sql(f"{_EVENT}_uri")},
             {last_segment_sql("fields.data_payload_event")})
"""


def bookings(deliveries: DataFrame) -> DataFrame:
    """The deliveries as rows of fact_bookings."""
    typed = deliveries.withColumn("event_type_id", F.expr(last_segment_sql(f"{_EVENT}_event_type")))
    return with_channel(typed, "event_type_id").select(
        F.to_date("event_created_at").alias("event_date"),
        "invitee_id",
        F.to_date("event_start_time").alias("booking_date"),
        "channel",
        F.expr(_EMPLOYEE_EMAIL).alias("employee_email"),
        "event_start_time",
        F.to_date("ingestion_time").alias("ingestion_date"),
        F.lit(True).alias("is_valid_record"),
        "event",
        F.expr(_EMPLOYEE_IDS).alias("employee_ids"),
        F.expr(_SCHEDULED_EVENT_ID).alias("scheduled_event_id"),
        "event_type_id",
        "event_created_at",
        "ingestion_time",
        F.expr(_STATUS).alias("status"),
        F.col("fields.data_payload_rescheduled").alias("rescheduled"),
        "bronze_key",
    )


def of_another_channel(standing: DataFrame) -> DataFrame:
    """The bookings whose channel is another by today's configuration, with that one."""
    renamed = with_channel(
        standing.withColumnRenamed("channel", "_standing_channel"), "event_type_id"
    )
    return renamed.where("NOT (channel <=> _standing_channel)").select(*FACT_BOOKINGS.names)


def upsert(changed: DataFrame, path: str, days: Collection[date] | None = None) -> None:
    """Put the bookings in the place of those with the same invitee, in one commit.

    Where the event dates of those are known, no other day is read.
    """
    if days is not None and not days:
        append(changed, path, PARTITION)
        return
    scope = "true" if days is None else is_one_of(PARTITION, days, of="t")
    merge(
        changed,
        path,
        f"""
        ON {scope} AND t.invitee_id = s.invitee_id
        WHEN MATCHED THEN UPDATE SET *
        WHEN NOT MATCHED THEN INSERT *
        """,
    )
