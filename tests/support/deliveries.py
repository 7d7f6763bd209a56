"""The smallest webhook body that becomes a booking; deliveries that leave nothing behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.stack import Stack


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


@contextmanager
def taken_back(stack: Stack) -> Iterator[None]:
    """What the block delivers is deleted from bronze, as if it had never been sent."""
    bucket = "project6-bronze-bucket"
    before = set(stack.keys(bucket, "events/"))
    yield
    for key in set(stack.keys(bucket, "events/")) - before:
        stack.client("s3").delete_object(Bucket=bucket, Key=key)
