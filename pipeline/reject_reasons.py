"""Why silver does not take a delivery or a row of spend, and what to do about it.

The codes are those of spark_jobs/lakehouse/deliveries.py and marketing.py.
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    meaning: str
    cure: str


AGAIN = "silver takes the next delivery that is right; the rejected one stays in bronze"
SPEND_CURE = "mend the file at the source: the next run replaces the whole day"
REASONS: dict[str, Reason] = {
    "unparsable_json": Reason(
        "The object is no JSON.", f"Ask the sender to deliver it again: {AGAIN}."
    ),
    "unsupported_event": Reason(
        "The event is none of the four that a booking is made of.",
        "Leave it out of the webhook subscription, or teach spark_jobs/lakehouse/deliveries.py.",
    ),
    "missing_invitee_id": Reason(
        "The payload has no URI, so nobody knows whose booking it is.",
        f"Ask the sender for the payload's uri: {AGAIN}.",
    ),
    "missing_event_start_time": Reason(
        "The scheduled event has no start_time, so it falls on no day.",
        f"Ask the sender for scheduled_event.start_time: {AGAIN}.",
    ),
    "invalid_timestamp": Reason(
        "created_at or start_time is missing or is no real time with a zone.",
        f"Ask the sender for times like 2026-01-16T10:00:00Z: {AGAIN}.",
    ),
    "created_after_ingestion": Reason(
        "The delivery was made more than five minutes after it arrived.",
        "Set the clock of the sender, or of the receiver, right.",
    ),
    "too_many_rows": Reason(
        "The body's lists make more than 10,000 rows of fact_events.",
        "Look at the body: no real invitee has so many answers and guests.",
    ),
    "invalid_spend": Reason("The spend is no finite number.", f"As a number, {SPEND_CURE}."),
    "negative_spend": Reason("The spend is below 0.", f"Refunds are not known here; {SPEND_CURE}."),
    "missing_spend": Reason("The row has no spend.", f"Add it and {SPEND_CURE}."),
    "unknown_channel": Reason(
        "The channel is not a configured spend name.",
        "Add it to spark_jobs/lakehouse/channels.json and deploy, or mend the file at the source.",
    ),
    "invalid_date": Reason("The date is not that of the file.", f"Correct it and {SPEND_CURE}."),
}
QUARANTINED = Reason(
    "The body is not a JSON object, so no table can hold it.",
    "`lake quarantine show` has more of it; ask the sender to deliver it again.",
)
UNKNOWN = Reason("A reason that this release does not know.", "Look at the rejected text.")


def reason(code: str) -> Reason:
    return REASONS.get(code, UNKNOWN)
