"""Reading a log of 100,000 events, here and with the unmodified LocalStack's CloudWatch Logs."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.measures import Measure, interleaved, seconds
from benchmarks.rivals import LOCALSTACK, client, started
from tests.support.process_stack import ProcessStack

EVENTS, STREAMS, GROUP, ROUNDS = 100_000, 10, "/bench", 3
OURS = "ours"


def measured(folder: Path) -> Iterator[Measure]:
    with ExitStack() as all_of_them:
        stack = all_of_them.enter_context(ProcessStack(folder / OURS))
        stack.start_edge()
        logs = {
            OURS: stack.client("logs"),
            LOCALSTACK: client(
                all_of_them.enter_context(started(LOCALSTACK, folder / LOCALSTACK)), "logs"
            ),
        }
        began = int(time.time() * 1000) - EVENTS
        took = {name: [seconds(functools.partial(fill, one, began))] for name, one in logs.items()}
        yield Measure("write 100,000 events", "s", took[OURS], None, LOCALSTACK, took[LOCALSTACK])
        for what, read in readings(began).items():
            works = {
                name: lambda one=one, read=read: seconds(lambda: read(one))
                for name, one in logs.items()
            }
            found = interleaved(works, ROUNDS)
            yield Measure(what, "s", found[OURS], None, LOCALSTACK, found[LOCALSTACK])


def readings(began: int) -> dict[str, Callable[[Any], Any]]:
    page = {"logGroupName": GROUP, "logStreamName": "stream-0", "limit": 50}
    poll = {"logGroupName": GROUP, "startTime": began + EVENTS - 100}
    return {
        "filter all events": read_all,
        "read the newest 50": lambda logs: logs.get_log_events(**page),
        "poll, as `lake logs --follow` does": lambda logs: logs.filter_log_events(**poll),
        "list groups": lambda logs: logs.describe_log_groups(),
    }


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
        raise RuntimeError(f"expected {EVENTS} events, found {count}")
