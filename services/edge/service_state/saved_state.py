"""The state of LocalStack's own services on disk: before a changing call is answered, it is there.

Durable against the death of the process (SQLite's journal), not against a power loss.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import Counter
from functools import partial
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from localstack.aws import handlers
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.state import pickle

from services.edge.service_loading import before_loading
from services.edge.service_state import pickles, save_first
from services.edge.service_state.stores import SERVICES
from services.edge.store.database import loaded, opened
from services.edge.store.errors import not_stored

LOG = logging.getLogger(__name__)
READS = ("BatchGet", "Describe", "Filter", "Get", "List", "Lookup", "Simulate", "Test", "Validate")
# They change nothing of the service, or what has its own table: log events, messages, metrics.
WITHOUT_CHANGE = (
    *("Invoke", "Publish", "PublishBatch", "PutEvents", "PutLogEvents", "PutMetricData"),
    *("ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage"),
    *("DeleteMessageBatch", "ReceiveMessage", "SendMessage", "SendMessageBatch"),
)
ATTEMPTS = 5
WHAT = "The state of LocalStack's services"
SCHEMA = "CREATE TABLE IF NOT EXISTS services (name TEXT PRIMARY KEY, state BLOB NOT NULL);"
FOLLOW_SECONDS = 1.0
TAKEN_BACK = "another call was not stored, and all that was not stored yet was taken back with it"


class ServiceState:
    """One blob by service in a SQLite file, written only where it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # One for each: an execution's thread writes its log while it holds what a save waits for.
        self._locks = {service: threading.Lock() for service in SERVICES}
        self._written: dict[str, bytes] = {}
        self._unsaved: set[str] = set()
        self._rollbacks: Counter[str] = Counter()
        self._modules: dict[str, Any] = {}
        self._connection = opened(path, WHAT, SCHEMA)
        make_locks_storable()
        save_first.by(self.save)
        for service in SERVICES:
            before_loading(service, partial(self._prepare, service))

    def load(self) -> None:
        """Before the first request: every service that was saved is as it was."""
        rows = self._connection.execute("SELECT name, state FROM services ORDER BY name")
        for service, state in rows.fetchall():
            provider = SERVICE_PLUGINS.require(service)._provider
            self._put_back(service, state, provider)
            try:
                self.save(service)
            except sqlite3.Error as error:
                LOG.warning("What the restart has changed in %s is not stored: %s", service, error)
                # It may be told nevertheless: the next start comes to the same.
                self._written[service] = blake2b(_dumped(service)).digest()

    def before_call(self, _chain: Any, context: Any, _response: Any) -> None:
        """A handler of LocalStack's chain: remembers which state the call began with."""
        if context.service is not None:
            context.service_rollbacks = self._rollbacks[context.service.service_name]

    def after_call(self, chain: Any, context: Any, response: Any) -> None:
        """Saves before the answer goes out; what cannot be stored is not acknowledged.

        An exception of a response handler is only logged, so the answer itself becomes the error.
        """
        if context.service is None or context.operation is None or response.status_code >= 500:
            return
        service, operation = context.service.service_name, context.operation.name
        if service not in SERVICES or operation in WITHOUT_CHANGE:
            return
        if operation.startswith(READS) and not SERVICES[service].goes_on:
            return
        try:
            self.save(service, getattr(context, "service_rollbacks", None))
        except Exception as error:
            if operation in save_first.OPERATIONS:  # what it has become since is stored later
                self._unsaved.add(service)
                return
            LOG.exception("%s.%s is not stored", service, operation)
            self._take_back(service, context)
            told = not_stored(operation, error)
            handlers.handle_service_exception(chain, told, context, response)

    def follow(self) -> None:
        """Save what changes by itself, for as long as it does and once more; never returns."""
        busy: set[str] = set()
        while True:
            time.sleep(FOLLOW_SECONDS)
            now = {
                service
                for service, module in list(self._modules.items())
                if SERVICES[service].goes_on and module.goes_on()
            }
            for service in busy | now | set(self._unsaved):
                try:
                    self.save(service)
                except (sqlite3.Error, RuntimeError) as error:  # the next call tells it too
                    LOG.warning("%s is not stored: %s", service, error)
            busy = now

    def save(self, service: str, began_with: int | None = None) -> None:
        """Raises what keeps it from being stored; `began_with` is of `before_call`."""
        with self._locks[service]:
            if began_with is not None and began_with != self._rollbacks[service]:
                raise RuntimeError(TAKEN_BACK)
            state = _dumped(service)
            digest = blake2b(state).digest()
            if self._written.get(service) != digest:
                self._connection.execute(
                    "INSERT INTO services VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET state=excluded.state",
                    (service, state),
                )
                self._written[service] = digest
            self._unsaved.discard(service)

    def _prepare(self, service: str) -> None:
        """Before the service is loaded: it is then told how it is stored."""
        if SERVICES[service].module:
            module = import_module(f"services.edge.service_state.{SERVICES[service].module}")
            self._modules[service] = module
            if hasattr(module, "make_storable"):
                module.make_storable(self._connection)

    def _put_back(self, service: str, state: bytes, provider: Any) -> None:
        what = f"The state of {service} (of another version of LocalStack?)"
        SERVICES[service].put_back(loaded(pickles.loads, state, what, self._path))
        module: Any = self._modules.get(service)
        if hasattr(module, "after_load"):
            module.after_load(provider)
        if hasattr(module, "load"):
            module.load(self._connection, self._path)

    def _take_back(self, service: str, context: Any) -> None:
        """What was refused must not be seen. Where the service has threads that go on with what
        they hold, its state cannot be exchanged: it takes back what it can by itself, and the rest
        is saved as soon as that can be done."""
        if not SERVICES[service].is_plain:
            module: Any = self._modules.get(service)
            if hasattr(module, "take_back"):
                module.take_back(context)
            self._unsaved.add(service)
            return
        with self._locks[service]:
            rows = self._connection.execute("SELECT state FROM services WHERE name=?", (service,))
            stored = rows.fetchone()
            self._rollbacks[service] += 1
            if stored is None:
                SERVICES[service].clear()
            else:
                self._put_back(service, stored[0], SERVICE_PLUGINS.require(service)._provider)


def make_locks_storable() -> None:
    """A lock that was held when it was pickled would stay so for ever: it comes back free."""
    for make in (threading.Lock, threading.RLock):
        pickle.reducer(type(make()), make)(lambda _: ())


def _dumped(service: str) -> bytes:
    """Other threads go on meanwhile: a collection that changed under the pickler is taken again."""
    for _ in range(ATTEMPTS):
        try:
            return pickles.dumps(SERVICES[service].taken())
        except RuntimeError as error:
            changed = error
    raise changed
