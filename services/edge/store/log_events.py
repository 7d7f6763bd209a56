"""CloudWatch log events on disk: appended, for a log is too long to be written anew each time."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from localstack.services.logs import provider as _provider  # noqa: F401 - it patches first
from localstack.state import pickle
from moto.logs.models import LogEvent, LogStream, logs_backends


def make_storable(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS log_events (account TEXT, region TEXT, log_group TEXT,"
        " stream TEXT, ingested INTEGER, events TEXT)"
    )
    pickle.add_dispatch_entry(LogStream, _reduce)

    put = LogStream.put_log_events

    def put_log_events(stream: Any, log_events: list[dict[str, Any]]) -> Any:
        answer = put(stream, log_events)
        place = (stream.account_id, stream.region, stream.log_group.name, stream.log_stream_name)
        connection.execute(
            "INSERT INTO log_events VALUES (?, ?, ?, ?, ?, ?)",
            (*place, stream.last_ingestion_time, json.dumps(log_events)),
        )
        return answer

    LogStream.put_log_events = put_log_events


def load(connection: sqlite3.Connection) -> None:
    """Give each stream its events; those of a stream that was deleted, or made anew, go."""
    rows = connection.execute("SELECT rowid, * FROM log_events ORDER BY rowid").fetchall()
    for row, account, region, group, stream, ingested, events in rows:
        groups = logs_backends[account][region].groups
        found = groups[group].streams.get(stream) if group in groups else None
        if found is None or ingested < found.creation_time:
            connection.execute("DELETE FROM log_events WHERE rowid = ?", (row,))
            continue
        found.events += [LogEvent(ingested, event) for event in json.loads(events)]
        found.last_ingestion_time = ingested


def _reduce(pickler: Any, stream: Any) -> None:
    state = {**vars(stream), "events": []}
    pickler.save_reduce(_restored, (), state, obj=stream)


def _restored() -> Any:
    return LogStream.__new__(LogStream)
