"""The log lines of Lambda functions, written many in one call, none lost.

LocalStack 4.9.2 makes a request of each invocation's lines, and an update of the function throws
away those that wait for theirs (LogHandler in lambda_/invocation/logs.py). Here the first are
written at once, those that come meanwhile together; where too many wait, invocations wait too.
"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from localstack.aws.connect import connect_to
from localstack.services.lambda_.invocation.logs import QUEUE_SHUTDOWN, LogHandler, LogItem
from localstack.utils.aws.client_types import ServicePrincipal
from localstack.utils.bootstrap import is_api_enabled
from localstack.utils.patch import patch

from services.edge.cloudwatch_logs.log_lines import ensure_stream

LOG = logging.getLogger(__name__)
WAITING = 1000  # invocations whose lines may wait
PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 10.0  # for a place in a full queue, which means that CloudWatch Logs hangs
# PutLogEvents takes 10,000 events and 1 MiB, of which each event counts 26 bytes beside its text.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
CALL_EVENTS, CALL_BYTES, EVENT_BYTES = 10_000, 2**20, 26
Event = dict[str, Any]


@dataclass(frozen=True)
class Lines:
    """What an invocation has written, and when it ended."""

    item: LogItem
    milliseconds: int


def apply() -> None:
    @patch(LogHandler.__init__)
    def initialise(initialise: Any, self: Any, role_arn: str, region: str) -> None:
        initialise(self, role_arn, region)
        self.log_queue = queue.Queue(WAITING)

    @patch(LogHandler.add_logs)
    def add_logs(_add: Any, self: Any, log_item: LogItem) -> None:
        if not is_api_enabled("logs"):
            return
        try:
            lines = Lines(log_item, int(time.time() * 1000))
            self.log_queue.put(lines, timeout=PATIENCE_SECONDS)
        except queue.Full:
            LOG.warning("Log lines of %s are not stored: too many wait", log_item.log_group)

    @patch(LogHandler.run_log_loop)
    def run_log_loop(_run: Any, self: Any, *_: Any, **__: Any) -> None:
        client = connect_to.with_assumed_role(
            region_name=self.region,
            role_arn=self.role_arn,
            service_principal=ServicePrincipal.lambda_,
        ).logs
        for waiting in _batches(self.log_queue):
            _write_all(client, waiting)


def _batches(lines: queue.Queue[Any]) -> Iterator[list[Lines]]:
    """All that waits, again and again, until the queue is told to end and is empty."""
    while True:
        found = [lines.get()]
        with suppress(queue.Empty):
            while len(found) < WAITING:
                found.append(lines.get_nowait())
        yield [one for one in found if one is not QUEUE_SHUTDOWN]
        if QUEUE_SHUTDOWN in found:
            return
        time.sleep(PAUSE_SECONDS)


def _write_all(client: Any, waiting: list[Lines]) -> None:
    streams: dict[tuple[str, str], list[Event]] = {}
    for lines in waiting:
        place = lines.item.log_group, lines.item.log_stream
        streams.setdefault(place, []).extend(_events(lines))
    for (group, stream), events in streams.items():
        for part in _parts(events):
            try:
                _write(client, {"logGroupName": group, "logStreamName": stream}, part)
            except Exception as error:  # of one stream: the others' lines are written
                LOG.warning("%d log lines of %s are not stored: %s", len(part), group, error)


def _write(client: Any, place: dict[str, str], events: list[Event]) -> None:
    try:
        client.put_log_events(**place, logEvents=events)
    except client.exceptions.ResourceNotFoundException:
        ensure_stream(client, place["logGroupName"], place["logStreamName"])
        client.put_log_events(**place, logEvents=events)


def _events(lines: Lines) -> Iterator[Event]:
    """One by line, each with its end as LocalStack has it; CloudWatch takes no empty ones."""
    for line in lines.item.logs.split("\n"):
        if line:
            yield {"timestamp": lines.milliseconds, "message": f"{line}\n"}


def _parts(events: Iterable[Event]) -> Iterator[list[Event]]:
    """As few as there can be that PutLogEvents takes."""
    part: list[Event] = []
    size = 0
    for event in events:
        bytes_more = len(event["message"].encode()) + EVENT_BYTES
        if part and (len(part) == CALL_EVENTS or size + bytes_more > CALL_BYTES):
            yield part
            part, size = [], 0
        part.append(event)
        size += bytes_more
    if part:
        yield part
