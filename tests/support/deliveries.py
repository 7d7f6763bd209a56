"""The smallest webhook body that becomes a booking."""

from __future__ import annotations

import json


def body(invitee: str, event: str, created_at: str, status: str = "active") -> bytes:
    uri = "https://api.calendly.com/scheduled_events/ev-1"
    return json.dumps(
        {
            "event": event,
            "created_at": created_at,
            "created_by": "https://api.calendly.com/users/u-1",
            "payload": {
                "uri": f"{uri}/invitees/{invitee}",
                "email": "late@example.com",
                "name": "Late Person",
                "status": status,
                "rescheduled": False,
                "event": uri,
                "questions_and_answers": [],
                "tracking": {},
                "scheduled_event": {
                    "uri": uri,
                    "start_time": "2025-11-20T10:00:00.000000Z",
                    "event_type": "https://api.calendly.com/event_types/"
                    "d639ecd3-8718-4068-955a-436b10d72c78",
                    "event_memberships": [{"user": "https://api.calendly.com/users/u-9"}],
                    "event_guests": [],
                },
            },
        }
    ).encode()
