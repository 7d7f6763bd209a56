"""What identifies a row of each table of the pipeline, as its definition says (docs/data.md)."""

from __future__ import annotations

from collections.abc import Mapping

# fact_events has a row for each combination of array elements, which nothing identifies.
TABLE_KEYS: Mapping[str, tuple[str, ...]] = {
    "fact_events": (),
    "fact_bookings": ("invitee_id",),
    "fact_marketing": ("spend_date", "channel"),
    "rejected_events": ("bronze_key",),
    "rejected_marketing": ("bronze_key", "row_number"),
    "gold_daily_bookings_by_channel": ("booking_date", "channel"),
    "gold_cpb_by_channel": ("channel",),
    "gold_channel_attribution": ("channel",),
    "gold_booking_time_analysis": ("channel", "booking_hour", "booking_day_of_week"),
    "gold_meeting_load_per_employee": ("user_id",),
    "gold_booking_metrics": ("booking_date", "channel", "booking_hour"),
    "gold_booking_outcomes": ("channel",),
}
