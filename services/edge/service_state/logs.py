"""CloudWatch log events on disk: appended, for a log is too long to be written anew each time."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from bisect import insort
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from localstack.services.logs import provider as _provider  # noqa: F401 - it patches first
from localstack.state import pickle
from moto.core.utils import unix_time_millis
from moto.logs.models import LogEvent, LogStream, logs_backends

from services.edge.aws import due
from services.edge.cloudwatch_logs.documents.pages import position
from services.edge.cloudwatch_logs.retention import Retention
from services.edge.store.database import loaded
from services.edge.store.errors import not_stored

LOG = logging.getLogger(__name__)
ROW_EVENTS = 2**14  # more than PutLogEvents takes: an event's id is its row and its place there


def make_storable(connection: sqlite3.Connection) -> None:
    """Events are on disk before they are in memory: what is not stored cannot be read either."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS log_events (account TEXT, region TEXT, log_group TEXT,"
        " stream TEXT, ingested INTEGER, events TEXT)"
    )
    pickle.add_dispatch_entry(LogStream, _reduce)

    forward, lock = LogStream.put_log_events, threading.Lock()

    def put_log_events(stream: Any, log_events: list[dict[str, Any]]) -> str:
        place = (stream.account_id, stream.region, stream.log_group.name, stream.log_stream_name)
        with lock:
            ingested = int(unix_time_millis())
            values = (*place, ingested, json.dumps(log_events))
            try:
                row = connection.execute(
                    "INSERT INTO log_events VALUES (?, ?, ?, ?, ?, ?)", values
                ).lastrowid
            except sqlite3.Error as error:
                raise not_stored("PutLogEvents", error) from error
            _append(stream, row or 0, ingested, log_events)
        if stream.log_group.subscription_filters:
            forward(_Forwarded(stream), log_events)
        return f"{stream.upload_sequence_token:056d}"

    def expire(stream: Any, before: int) -> None:
        with lock:
            _expire(connection, stream, before)

    LogStream.put_log_events = put_log_events
    due.before_calls("logs", Retention(_groups, expire).settle)


def load(connection: sqlite3.Connection, path: Path) -> None:
    """Give each stream its events; those of a stream that was deleted, or made anew, go."""
    rows = connection.execute("SELECT rowid, * FROM log_events ORDER BY rowid").fetchall()
    for row, account, region, group, stream, ingested, events in rows:
        groups = logs_backends[account][region].groups
        found = groups[group].streams.get(stream) if group in groups else None
        if found is None or ingested < found.creation_time:
            connection.execute("DELETE FROM log_events WHERE rowid = ?", (row,))
            continue
        _append(found, row, ingested, loaded(json.loads, events, "The log events", path))


class _Forwarded(SimpleNamespace):
    """What LocalStack needs of a stream to send events to subscribers, without adding them."""

    def __init__(self, stream: Any) -> None:
        names = ("account_id", "region", "log_group", "log_stream_name")
        own = {name: getattr(stream, name) for name in names}
        super().__init__(**own, events=[], stored_bytes=0, upload_sequence_token=0)


def _append(stream: Any, row: int, ingested: int, log_events: list[dict[str, Any]]) -> None:
    """Kept in the order of time, as they are read."""
    for number, log_event in enumerate(log_events):
        event = LogEvent(ingested, log_event)
        event.event_id = row * ROW_EVENTS + number
        if stream.events and position(event) < position(stream.events[-1]):
            insort(stream.events, event, key=position)
        else:
            stream.events.append(event)
    stream.stored_bytes += sum(len(log_event["message"]) for log_event in log_events)
    stream.last_ingestion_time = ingested
    stream.upload_sequence_token += 1


def _groups() -> Iterator[Any]:
    for regions in list(logs_backends.values()):
        for backend in list(regions.values()):
            yield from list(backend.groups.values())


def _expire(connection: sqlite3.Connection, stream: Any, before: int) -> None:
    """A row goes with the last of its events; what cannot be deleted now is tried again."""
    events = stream.events
    old = next((n for n, event in enumerate(events) if event.timestamp >= before), len(events))
    if not old:
        return
    rows, kept = ({e.event_id // ROW_EVENTS for e in part} for part in (events[:old], events[old:]))
    try:
        connection.executemany(
            "DELETE FROM log_events WHERE rowid = ?", [(row,) for row in rows - kept]
        )
    except sqlite3.Error as error:
        LOG.warning("Expired events of %s are not deleted: %s", stream.log_stream_name, error)
        return
    stream.stored_bytes -= sum(len(event.message) for event in events[:old])
    del events[:old]


def _reduce(pickler: Any, stream: Any) -> None:
    state = {**vars(stream), "events": [], "stored_bytes": 0}
    pickler.save_reduce(_restored, (), state, obj=stream)


def _restored() -> Any:
    return LogStream.__new__(LogStream)
