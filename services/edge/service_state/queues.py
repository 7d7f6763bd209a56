"""SQS on disk: a row for each message, for a queue is too long to be written anew each time.

A message is stored before it can be received, and so is what a receipt changes of it.
"""

from __future__ import annotations

import pickle as plain_pickle
import sqlite3
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from localstack import config
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.sqs.constants import DEDUPLICATION_INTERVAL_IN_SEC
from localstack.services.sqs.models import FifoQueue, MessageMoveTask, SqsQueue, sqs_stores
from localstack.state import pickle

from services.edge.service_state import queue_patches
from services.edge.service_state.stores import regional_stores
from services.edge.store.database import connected, loaded
from services.edge.store.errors import not_stored

SCHEMA = """
CREATE TABLE IF NOT EXISTS queue_messages
    (queue TEXT, id TEXT, message BLOB NOT NULL, PRIMARY KEY (queue, id));
CREATE TABLE IF NOT EXISTS queue_duplicates
    (queue TEXT, id TEXT, sent REAL NOT NULL, message BLOB NOT NULL, PRIMARY KEY (queue, id));
"""
WHAT = "The messages of the queues"
KEPT = ("tags", "permissions", "purge_timestamp", "deduplication_scope")
GOING = ("CREATED", "RUNNING")
INTERNAL = f":{config.INTERNAL_RESOURCE_ACCOUNT}:"  # Lambda has such queues for its own use


class Messages:
    """The rows; each change is one statement, and on disk when it returns."""

    def __init__(self, path: Path) -> None:
        self._connection, self._lock = connected(path, WHAT), threading.Lock()
        self._connection.executescript(SCHEMA)

    def keep(self, queue: str, messages: Iterable[Any]) -> None:
        """As they are now; in place of what was kept of them."""
        rows = [(queue, message.message_id, plain_pickle.dumps(message)) for message in messages]
        if rows and INTERNAL not in queue:
            values = [value for row in rows for value in row]
            self._do(
                f"INSERT INTO queue_messages VALUES {', '.join(['(?, ?, ?)'] * len(rows))}"
                " ON CONFLICT (queue, id) DO UPDATE SET message = excluded.message",
                values,
            )

    def forget(self, queue: str, message_id: str) -> None:
        if INTERNAL not in queue:
            self._do("DELETE FROM queue_messages WHERE queue = ? AND id = ?", (queue, message_id))

    def forget_expired(self, message_id: str) -> None:
        self._do("DELETE FROM queue_messages WHERE id = ?", (message_id,))

    def forget_all(self, queue: str) -> None:
        for table in ("queue_messages", "queue_duplicates"):
            self._do(f"DELETE FROM {table} WHERE queue = ?", (queue,))

    def keep_duplicate(self, queue: str, identifier: str, message: Any) -> None:
        """For as long as another message with the identifier counts as the same."""
        self._do("DELETE FROM queue_duplicates WHERE sent < ?", (_oldest(),))
        row = (queue, identifier, message.priority, plain_pickle.dumps(message))
        self._do("INSERT OR REPLACE INTO queue_duplicates VALUES (?, ?, ?, ?)", row)

    def _do(self, statement: str, values: Any) -> None:
        try:
            with self._lock:
                self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise not_stored("What a message of a queue", error) from error


def make_storable(connection: Any) -> None:
    pickle.add_dispatch_entry(SqsQueue, _reduce_queue, subclasses=True)
    pickle.add_dispatch_entry(MessageMoveTask, _reduce_task)
    queue_patches.apply(Messages(connection.path))


def load(connection: sqlite3.Connection, path: Path) -> None:
    """Give each queue its messages; those of a queue that was deleted, or made anew, go."""
    queues = {q.arn: q for store in regional_stores(sqs_stores) for q in store.queues.values()}
    rows = connection.execute("SELECT queue, id, message FROM queue_messages").fetchall()
    for arn, message_id, stored in rows:
        message, queue = loaded(plain_pickle.loads, stored, WHAT, path), queues.get(arn)
        if queue is None or message.created < int(queue.attributes["CreatedTimestamp"]):
            place = (arn, message_id)
            connection.execute("DELETE FROM queue_messages WHERE queue = ? AND id = ?", place)
        else:
            _put_back(queue, message)
    duplicates = "SELECT queue, id, message FROM queue_duplicates WHERE sent >= ?"
    for arn, identifier, stored in connection.execute(duplicates, (_oldest(),)).fetchall():
        if arn in queues:
            queues[arn].deduplication[identifier] = loaded(plain_pickle.loads, stored, WHAT, path)
    for queue in queues.values():
        if isinstance(queue, FifoQueue):
            _show_groups(queue)
    _go_on_moving()


def _put_back(queue: Any, message: Any) -> None:
    queue.receipts.update(dict.fromkeys(message.receipt_handles, message))
    is_fifo = isinstance(queue, FifoQueue)
    if message.is_delayed:
        queue.delayed.add(message)
    elif not message.is_visible:
        queue.inflight.add(message)
        if is_fifo:
            queue.inflight_groups.add(queue.get_message_group(message.message_group_id))
    elif is_fifo:
        queue.get_message_group(message.message_group_id).push(message)
    else:
        queue.visible.put_nowait(message)


def _show_groups(queue: Any) -> None:
    """Of a group of which a message is being worked on, no other is given out."""
    for group in queue.message_groups.values():
        if not group.empty() and group not in queue.inflight_groups:
            queue.message_group_queue.put_nowait(group)


def _go_on_moving() -> None:
    manager = SERVICE_PLUGINS.require("sqs")._provider._message_move_task_manager
    for store in regional_stores(sqs_stores):
        for task in store.move_tasks.values():
            if task.status in GOING:
                manager.submit(task)
            elif task.status == "CANCELLING":
                task.status = "CANCELLED"


def _oldest() -> float:
    return time.time() - float(DEDUPLICATION_INTERVAL_IN_SEC)


def _reduce_queue(pickler: Any, queue: Any) -> None:
    attributes = {name: value for name, value in queue.attributes.items() if not callable(value)}
    kept = {name: vars(queue)[name] for name in KEPT if name in vars(queue)}
    made = (type(queue), (queue.name, queue.region, queue.account_id), attributes, kept)
    pickler.save_reduce(_restored_queue, made, obj=queue)


def _restored_queue(kind: Any, place: Any, attributes: dict[str, str], kept: Any) -> Any:
    queue = kind(*place)
    queue.attributes.update(attributes)
    vars(queue).update(kept)
    return queue


def _reduce_task(pickler: Any, task: Any) -> None:
    kept = {name: value for name, value in vars(task).items() if name != "cancel_event"}
    pickler.save_reduce(_restored_task, (kept,), obj=task)


def _restored_task(kept: dict[str, Any]) -> Any:
    task = MessageMoveTask(kept["source_arn"], kept["destination_arn"])
    vars(task).update(kept)
    return task
