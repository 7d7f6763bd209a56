"""Reading a log of 100,000 events, here and with LocalStack's own CloudWatch Logs.

Prints seconds for the whole log by FilterLogEvents, its newest page by GetLogEvents, and one poll
of `lake logs --follow`. Run from the project's folder: `.venv/bin/python -m benchmarks.logs`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.s3 import Edge

EVENTS, STREAMS, GROUP = 100_000, 10, "/bench"
EDGES: dict[str, dict[str, str]] = {
    "lakehouse": {},
    "LocalStack": {"PROVIDER_OVERRIDE_LOGS": "default"},
}


def main() -> None:
    for name, changes in EDGES.items():
        with tempfile.TemporaryDirectory() as folder, Edge(Path(folder) / name) as edge:
            edge.start(changes)
            report(name, edge.client("logs"))


def report(name: str, logs: Any) -> None:
    began = int(time.time() * 1000) - EVENTS
    print_line(name, "write all", lambda: fill(logs, began))
    print_line(name, "filter all", lambda: read_all(logs))
    page = {"logGroupName": GROUP, "logStreamName": "stream-0", "limit": 50}
    print_line(name, "newest 50", lambda: logs.get_log_events(**page))
    newest = began + EVENTS - 100
    poll = {"logGroupName": GROUP, "startTime": newest}
    print_line(name, "poll", lambda: logs.filter_log_events(**poll))
    print_line(name, "list groups", logs.describe_log_groups)


def fill(logs: Any, began: int) -> None:
    logs.create_log_group(logGroupName=GROUP)
    for number in range(STREAMS):
        place = {"logGroupName": GROUP, "logStreamName": f"stream-{number}"}
        logs.create_log_stream(**place)
        events = [
            {"timestamp": began + n, "message": f"line {n} of a job, as long as most are"}
            for n in range(number, EVENTS, STREAMS)
        ]
        logs.put_log_events(**place, logEvents=events)


def read_all(logs: Any) -> None:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP)
    count = sum(len(page["events"]) for page in pages)
    if count != EVENTS:
        raise SystemExit(f"expected {EVENTS} events, found {count}")


def print_line(name: str, what: str, work: Callable[[], Any]) -> None:
    began = time.perf_counter()
    work()
    sys.stdout.write(f"{name:<12} {what:<12} {time.perf_counter() - began:7.3f} s\n")


if __name__ == "__main__":
    main()
