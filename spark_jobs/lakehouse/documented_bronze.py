"""The documented bronze schema, as a projection of bronze objects at reading time."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.uris import last_segment_sql


def documented_events(objects: DataFrame, text: str) -> DataFrame:
    """The eight documented columns of the objects whose whole text is in the column `text`.

    One row per object, timestamps in the session's zone; what an object lacks is null.
    """
    uri = f"get_json_object(`{text}`, '$.data.payload.uri')"
    return objects.select(
        F.to_timestamp(_field(text, "created_at")).alias("event_created_at"),
        F.expr(last_segment_sql(uri)).alias("invitee_id"),
        _field(text, "payload.email").alias("invitee_email"),
        F.to_timestamp(_field(text, "payload.scheduled_event.start_time")).alias(
            "scheduled_event_start_time"
        ),
        _field(text, "payload.scheduled_event.event_type").alias("event_type"),
        _field(text, "payload.tracking.utm_source").alias("utm_source"),
        _field(text, "payload.tracking.utm_campaign").alias("utm_campaign"),
        F.get_json_object(text, "$.data").alias("raw_payload"),
    )


def _field(text: str, path: str) -> Column:
    return F.get_json_object(text, f"$.data.{path}")
