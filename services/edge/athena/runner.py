"""Takes queries in their order, as many at once as there are workers."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from services.edge.athena import executions
from services.edge.athena.pool import Pool, Worker
from services.edge.store.records import Records

LOG = logging.getLogger(__name__)
KIND = "athena_execution"
Document = dict[str, Any]
Locally = Callable[[Document], Document]


class Runner:
    """Every change of an execution is recorded before it can be read."""

    def __init__(self, records: Records, pool: Pool) -> None:
        self._records, self._pool = records, pool
        self._waiting: queue.Queue[tuple[str, Document, Locally | None]] = queue.Queue()
        self._busy: dict[str, Worker] = {}
        self._lock = threading.RLock()
        threading.Thread(target=self._dispatch, name="athena-queue", daemon=True).start()

    def fail_lost(self) -> None:
        """What had not ended when this process did, has failed."""
        for one in self._records.list(KIND):
            if one["Status"]["State"] in executions.ACTIVE:
                self._save(executions.lost(one, time.time()))

    def submit(self, execution: Document, request: Document, locally: Locally | None) -> None:
        """`locally` runs in this process what needs no engine."""
        self._save(execution)
        self._waiting.put((execution["QueryExecutionId"], request, locally))

    def record(self, execution: Document) -> None:
        self._save(execution)

    def stop(self, identifier: str) -> None:
        """CANCELLED at once; the worker that has it is killed."""
        self._change(identifier, partial(executions.cancelled, now=time.time()))
        with self._lock:
            worker = self._busy.get(identifier)
            if worker is not None:
                worker.kill()

    def find(self, identifier: str) -> Document | None:
        return self._records.get(KIND, identifier)

    def newest_first(self) -> list[Document]:
        return list(reversed(self._records.list(KIND)))

    def _dispatch(self) -> None:
        while True:
            identifier, request, locally = self._waiting.get()
            worker = None if locally else self._pool.take()
            work = (worker, identifier, request, locally)
            name = f"athena-{identifier[:8]}"
            threading.Thread(target=self._serve, args=work, name=name, daemon=True).start()

    def _serve(
        self, worker: Worker | None, identifier: str, request: Document, locally: Locally | None
    ) -> None:
        try:
            self._run(worker, identifier, request, locally)
        except Exception as error:  # whatever it was, a query must not stay unended
            LOG.exception("Query %s cannot be run", identifier)
            answer = {"state": "FAILED", "reason": str(error), "category": 1}
            self._change(identifier, partial(executions.ended, answer=answer, now=time.time()))
        finally:
            if worker is not None:
                self._pool.give_back(worker)

    def _run(
        self, worker: Worker | None, identifier: str, request: Document, locally: Locally | None
    ) -> None:
        if worker is not None:
            worker.start()
        with self._lock:
            found = self._change(identifier, partial(executions.running, now=time.time()))
            if found is None or found["Status"]["State"] != "RUNNING":
                return
            if worker is not None:
                self._busy[identifier] = worker
        try:
            answer = worker.run(request) if worker else locally(request) if locally else {}
        finally:
            with self._lock:
                self._busy.pop(identifier, None)
        self._change(identifier, partial(executions.ended, answer=answer, now=time.time()))

    def _change(self, identifier: str, change: Callable[[Document], Document]) -> Document | None:
        with self._lock:
            present = self.find(identifier)
            if present is None:
                return None
            changed = change(present)
            self._save(changed)
            return changed

    def _save(self, execution: Document) -> None:
        self._records.put(KIND, execution["QueryExecutionId"], execution)
