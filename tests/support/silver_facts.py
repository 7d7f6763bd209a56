"""Literal rows of the silver tables as gold reads them."""

from __future__ import annotations

from datetime import UTC, datetime

BOOKINGS = (
    "booking_date date, channel string, event_start_time timestamp, status string, "
    "rescheduled boolean, scheduled_event_id string, employee_ids array<string>"
)
SPEND = "spend_date date, channel string, spend double"


def booking(start, channel="others", status="active", rescheduled=False, event="e", staff=("ann",)):
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return (moment.date(), channel, moment, status, rescheduled, event, list(staff))


def rows(frame):
    return sorted((tuple(row) for row in frame.collect()), key=str)
