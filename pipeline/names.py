"""The names of the deployed pipeline: its stack, buckets, tables and code pipeline."""

from __future__ import annotations

STACK = "project6"
CODE_PIPELINE = "project6-codepipeline"
BRONZE_BUCKET = "project6-bronze-bucket"
SILVER_BUCKET = "project6-silver-bucket"
GOLD_BUCKET = "project6-gold-bucket"
SILVER = ("fact_events", "fact_bookings", "fact_marketing", "rejected_events", "rejected_marketing")
GOLD = (
    "gold_daily_bookings_by_channel",
    "gold_cpb_by_channel",
    "gold_channel_attribution",
    "gold_booking_time_analysis",
    "gold_meeting_load_per_employee",
    "gold_booking_metrics",
    "gold_booking_outcomes",
)
