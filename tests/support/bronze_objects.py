"""Bronze objects for the tests of silver events: one good delivery, changed as a test asks."""

from __future__ import annotations

import json

API = "https://api.calendly.com"
YOUTUBE = "dbb4ec50-38cd-4bcd-bbff-efb7b5a6f098"


def delivery(
    key="k1",
    invitee="I1",
    event="invitee.created",
    created="2026-01-16T10:00:00Z",
    start="2026-01-20T15:00:00Z",
    ingested="2026-12-01T00:00:00.000000",
    event_type="T1",
    scheduled=None,
    **payload,
):
    body = {
        "event": event,
        "created_at": created,
        "payload": {
            "uri": f"{API}/scheduled_events/E1/invitees/{invitee}",
            "status": "active",
            "rescheduled": False,
            **payload,
            "scheduled_event": {
                "uri": f"{API}/scheduled_events/E1",
                "event_type": f"{API}/event_types/{event_type}",
                "start_time": start,
                **(scheduled or {}),
            },
        },
    }
    whole = {"ingestion_time": ingested, "source": "calendly_webhook", "data": body}
    return f"events/{key}.json", json.dumps(whole).encode()
