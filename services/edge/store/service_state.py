"""The state of LocalStack's own services on disk: before a changing call is answered, it is there.

Durable against the death of the process (SQLite's journal), not against a power loss.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any

from localstack.aws import handlers
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.state import pickle

from services.edge.store import executions, log_events, managed_policies, restarts
from services.edge.store.database import loaded, opened
from services.edge.store.errors import not_stored
from services.edge.store.service_parts import SERVICES

LOG = logging.getLogger(__name__)
READS = ("BatchGet", "Describe", "Filter", "Get", "List", "Lookup", "Simulate", "Test", "Validate")
# The first two change nothing of the service; log events have their own table.
WITHOUT_CHANGE = ("Invoke", "PutEvents", "PutLogEvents")
ATTEMPTS = 5
WHAT = "The state of LocalStack's services"
SCHEMA = "CREATE TABLE IF NOT EXISTS services (name TEXT PRIMARY KEY, state BLOB NOT NULL);"
FOLLOW_SECONDS = 1.0


class ServiceState:
    """One blob by service in a SQLite file, written only where it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # One for each: an execution's thread writes its log while it holds what a save waits for.
        self._locks = {service: threading.Lock() for service in SERVICES}
        self._written: dict[str, bytes] = {}
        self._connection = opened(path, WHAT, SCHEMA)
        make_locks_storable()
        executions.make_storable()
        log_events.make_storable(self._connection)
        managed_policies.make_storable()

    def load(self) -> None:
        """Before the first request: every service that was saved is as it was."""
        rows = self._connection.execute("SELECT name, state FROM services ORDER BY name")
        for service, state in rows.fetchall():
            provider = SERVICE_PLUGINS.require(service)._provider
            what = f"The state of {service} (of another version of LocalStack?)"
            SERVICES[service].put_back(loaded(pickle.loads, state, what, self._path))
            if service in restarts.AFTER_LOAD:
                restarts.AFTER_LOAD[service](provider)
            try:
                self.save(service)
            except sqlite3.Error as error:
                LOG.warning("What the restart has changed in %s is not stored: %s", service, error)
                # It may be told nevertheless: the next start comes to the same.
                self._written[service] = blake2b(_dumped(service)).digest()
        log_events.load(self._connection, self._path)

    def after_call(self, chain: Any, context: Any, response: Any) -> None:
        """Saves before the answer goes out; what cannot be stored is not acknowledged.

        An exception of a response handler is only logged, so the answer itself becomes the error.
        """
        if context.service is None or context.operation is None or response.status_code >= 500:
            return
        service, operation = context.service.service_name, context.operation.name
        if service not in SERVICES or operation in WITHOUT_CHANGE:
            return
        if operation.startswith(READS) and service not in restarts.GOES_ON:
            return
        try:
            self.save(service)
        except Exception as error:
            LOG.exception("%s.%s is not stored", service, operation)
            told = not_stored(operation, error)
            handlers.handle_service_exception(chain, told, context, response)

    def follow(self) -> None:
        """Save what changes by itself, for as long as it does and once more; never returns."""
        busy: set[str] = set()
        while True:
            time.sleep(FOLLOW_SECONDS)
            now = {service for service, goes_on in restarts.GOES_ON.items() if goes_on()}
            for service in busy | now:
                try:
                    self.save(service)
                except (sqlite3.Error, RuntimeError) as error:  # the next call tells it too
                    LOG.warning("%s is not stored: %s", service, error)
            busy = now

    def save(self, service: str) -> None:
        with self._locks[service]:
            state = _dumped(service)
            digest = blake2b(state).digest()
            if self._written.get(service) != digest:
                self._connection.execute(
                    "INSERT INTO services VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET state=excluded.state",
                    (service, state),
                )
                self._written[service] = digest


def make_locks_storable() -> None:
    """A lock that was held when it was pickled would stay so for ever: it comes back free."""
    for make in (threading.Lock, threading.RLock):
        pickle.reducer(type(make()), make)(lambda _: ())


def _dumped(service: str) -> bytes:
    """Other threads go on meanwhile: a collection that changed under the pickler is taken again."""
    for _ in range(ATTEMPTS):
        try:
            return bytes(pickle.dumps(SERVICES[service].taken()))
        except RuntimeError as error:
            changed = error
    raise changed
