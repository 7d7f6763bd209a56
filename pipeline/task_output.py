"""The lines that a task has printed, read from CloudWatch Logs."""

from __future__ import annotations

import re
from typing import Any

from pipeline.task_logs import Place

MOST_LINES = 1000


def lines(logs: Any, where: Place, first: str = "stdout") -> list[str]:
    """The last lines of the task's stream whose name ends in `first`; where that has none, of
    another one of its streams. Of a function, the lines of the one invocation."""
    return _invocation(logs, where) if where.request else _of_streams(logs, where, first)


def _of_streams(logs: Any, where: Place, first: str) -> list[str]:
    pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=where.group)
    names = [s["logStreamName"] for page in pages for s in page["logStreams"]]
    wanted = sorted(name for name in names if where.stream in name)
    for name in sorted(wanted, key=lambda name: not name.endswith(first)):
        if found := _last_lines(logs, where.group, name):
            return found
    return []


def _invocation(logs: Any, where: Place) -> list[str]:
    found = logs.filter_log_events(
        logGroupName=where.group, filterPattern=f'"RequestId: {where.request}"'
    )["events"]
    if not any(event["message"].startswith("END") for event in found):
        return []
    printed = _last_lines(logs, where.group, found[0]["logStreamName"])
    marks = [n for n, line in enumerate(printed) if f"RequestId: {where.request}" in line]
    if not marks:  # the invocation lies before the last lines of its stream
        return []
    return printed[marks[0] + 1 : max(marks)]


def _last_lines(logs: Any, group: str, stream: str) -> list[str]:
    found = logs.get_log_events(logGroupName=group, logStreamName=stream, limit=MOST_LINES)
    texts = [event["message"] for event in found["events"]]
    return [line for text in texts for line in re.split(r"[\r\n]+", text) if line]
