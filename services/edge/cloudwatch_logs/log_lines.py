"""Append lines of text to a CloudWatch Logs stream of the edge, making group and stream."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import Any

EVENTS_PER_CALL = 1000  # PutLogEvents takes 10,000 events and 1 MiB; lines here stay below 1 KB


def append(logs: Any, group: str, stream: str, lines: list[str]) -> None:
    """Write `lines` with the present time; empty lines are left out, as AWS refuses them."""
    ensure_stream(logs, group, stream)
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": line} for line in lines if line.strip()]
    for start in range(0, len(events), EVENTS_PER_CALL):
        logs.put_log_events(
            logGroupName=group,
            logStreamName=stream,
            logEvents=events[start : start + EVENTS_PER_CALL],
        )


def ensure_stream(logs: Any, group: str, stream: str) -> None:
    """The group is made only where there is none: a role need not be allowed to."""
    create = partial(logs.create_log_stream, logGroupName=group, logStreamName=stream)
    exists = logs.exceptions.ResourceAlreadyExistsException
    with suppress(exists):
        try:
            create()
        except logs.exceptions.ResourceNotFoundException:
            with suppress(exists):
                logs.create_log_group(logGroupName=group)
            create()
