"""CloudWatch log groups read for a person: the last lines, those since a moment, those to come."""

from __future__ import annotations

import heapq
import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.names import ResourceNames

Event = dict[str, Any]

# AWS's own names; the pipeline's own groups are named by its prefix.
SERVICE_GROUPS = {
    "glue": "/aws-glue/jobs/output",
    "glue-errors": "/aws-glue/jobs/error",
    "emr": "/aws/emr-serverless",
    "crawlers": "/aws-glue/crawlers",
}
POLL_SECONDS = 1.0
LATE_MS = 5_000  # an event may be written so long after its time
STREAMS_PER_CALL = 100
NOT_A_LOG = "log_stream_created_by_aws_to_validate_log_delivery_subscriptions"
EMR_STREAM = re.compile(r"/applications/\w+/jobs/(\w+)(?:/attempts/\d+)?/SPARK_DRIVER/(\w+)$")


class LogsError(Exception):
    """The log cannot be shown; the message says what was expected and what to do."""


@dataclass(frozen=True)
class Wanted:
    """Of a group's events: those since `since` (epoch ms), that match, the last `lines`.

    `stream` is a part of a stream's name; `lines` None means all.
    """

    group: str
    lines: int | None = None
    since: int | None = None
    pattern: str = ""
    stream: str = ""


def log_groups(names: ResourceNames) -> dict[str, str]:
    """The log groups of a stack by their short names."""
    return {**names.log_groups, **SERVICE_GROUPS}


def last_events(logs: Any, wanted: Wanted) -> list[Event]:
    """In the order of time. Without a pattern, what is read is little more than what is shown."""
    start = wanted.since or 0
    if wanted.lines is not None and not wanted.pattern:
        start = max(start, _start_of_last(logs, wanted, wanted.lines))
    return list(deque(_events(logs, wanted, start), maxlen=wanted.lines))


def later_events(logs: Any, wanted: Wanted, seen: list[Event]) -> Iterator[Event | None]:
    """Events that come after those seen, as they come; None where there is none just now."""
    newest = seen[-1]["timestamp"] if seen else wanted.since or int(time.time() * 1000)
    known = {event["eventId"]: event["timestamp"] for event in seen}
    while True:
        start = max(newest - LATE_MS, wanted.since or 0)
        for event in _events(logs, wanted, start):
            if event["eventId"] not in known:
                known[event["eventId"]] = event["timestamp"]
                newest = max(newest, event["timestamp"])
                # What was there before the last lines that were shown is not late, but old.
                if not seen or event["timestamp"] >= seen[0]["timestamp"]:
                    yield event
        known = {name: moment for name, moment in known.items() if moment >= newest - LATE_MS}
        yield None


def exists(logs: Any, group: str) -> bool:
    found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    return any(one["logGroupName"] == group for one in found)


def stream_names(logs: Any, group: str, part: str = "") -> Iterator[str]:
    for stream in _streams(logs, group):
        if part in stream["logStreamName"]:
            yield stream["logStreamName"]


@dataclass
class Lines:
    """Texts of events, each with its stream's short name where the group has several streams."""

    several: bool
    _only: set[str] = field(default_factory=set)

    def text(self, event: Event) -> str:
        self._only.add(event["logStreamName"])
        message = str(event["message"]).rstrip("\n").replace("\r", "\n")
        if not self.several and len(self._only) == 1:
            return message
        return f"{short(event['logStreamName'])} | {message}"


def short(stream: str) -> str:
    """What tells a stream from the others of its group, for AWS's own kinds of streams."""
    if found := EMR_STREAM.search(stream):
        return f"{found[1]} {found[2]}"
    if stream.startswith("jr_"):
        run, _, attempt = stream.partition("_attempt_")
        return f"{run[:11]} attempt {attempt}" if attempt else run[:11]
    if "]" in stream:  # 2026/01/16/[$LATEST]0123…
        return stream.rpartition("]")[2][:8]
    return stream


def _events(logs: Any, wanted: Wanted, start: int) -> Iterator[Event]:
    found: dict[str, Any] = {"logGroupName": wanted.group, "startTime": start}
    if wanted.pattern:
        found["filterPattern"] = wanted.pattern
    if wanted.stream:
        found["logStreamNames"] = _chosen(logs, wanted)
    for page in logs.get_paginator("filter_log_events").paginate(**found):
        yield from page["events"]


def _chosen(logs: Any, wanted: Wanted) -> list[str]:
    names = list(stream_names(logs, wanted.group, wanted.stream))
    if not names:
        raise LogsError(f"No stream of {wanted.group} has {wanted.stream!r} in its name")
    if len(names) > STREAMS_PER_CALL:
        raise LogsError(
            f"{len(names)} streams of {wanted.group} have {wanted.stream!r} in their names,"
            f" at most {STREAMS_PER_CALL} can be read at once: give a longer part"
        )
    return names


def _start_of_last(logs: Any, wanted: Wanted, lines: int) -> int:
    """The time of the last but `lines` event; only streams that can hold one are read."""
    newest: list[int] = []
    for stream in _streams(logs, wanted.group):
        if wanted.stream not in stream["logStreamName"]:
            continue
        if len(newest) == lines and stream.get("lastEventTimestamp", 0) < newest[0]:
            break
        place = {"logGroupName": wanted.group, "logStreamName": stream["logStreamName"]}
        for event in logs.get_log_events(**place, limit=lines)["events"]:
            if len(newest) < lines:
                heapq.heappush(newest, event["timestamp"])
            else:
                heapq.heappushpop(newest, event["timestamp"])
    return newest[0] if len(newest) == lines else 0


def _streams(logs: Any, group: str) -> Iterator[dict[str, Any]]:
    """Those with the newest events first."""
    pages = logs.get_paginator("describe_log_streams").paginate(
        logGroupName=group, orderBy="LastEventTime", descending=True
    )
    for page in pages:
        yield from (s for s in page["logStreams"] if s["logStreamName"] != NOT_A_LOG)
