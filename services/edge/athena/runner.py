"""Takes queries in their order, as many at once as there are workers."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial

from services.edge.athena import executions
from services.edge.athena.documents import Execution
from services.edge.athena.engine.request import Answer, QueryRequest
from services.edge.athena.pool import Pool, Worker
from services.edge.athena.store import Executions

LOG = logging.getLogger(__name__)
Work = QueryRequest | Callable[[], Answer]  # what needs no engine is run here


class Runner:
    """Every change of an execution is recorded before it can be read."""

    def __init__(self, executions: Executions, pool: Pool) -> None:
        self._executions, self._pool = executions, pool
        self._waiting: queue.Queue[tuple[str, Work]] = queue.Queue()
        self._busy: dict[str, Worker] = {}
        self._lock = threading.RLock()
        threading.Thread(target=self._dispatch, name="athena-queue", daemon=True).start()

    def fail_lost(self) -> None:
        """What had not ended when this process did, has failed."""
        for execution in self._executions.all():
            if execution["Status"]["State"] in executions.ACTIVE:
                self._executions.save(executions.lost(execution, time.time()))

    def submit(self, execution: Execution, work: Work) -> None:
        self._executions.save(execution)
        self._waiting.put((Executions.key(execution), work))

    def stop(self, execution: Execution) -> None:
        """CANCELLED at once; the worker that has it is killed."""
        self._change(Executions.key(execution), partial(executions.cancelled, now=time.time()))
        with self._lock:
            worker = self._busy.get(Executions.key(execution))
            if worker is not None:
                worker.kill()

    def _dispatch(self) -> None:
        while True:
            key, work = self._waiting.get()
            worker = self._pool.take() if isinstance(work, QueryRequest) else None
            name = f"athena-{key.rpartition('/')[2][:8]}"
            serve = partial(self._serve, worker, key, work)
            threading.Thread(target=serve, name=name, daemon=True).start()

    def _serve(self, worker: Worker | None, key: str, work: Work) -> None:
        try:
            self._run(worker, key, work)
        except Exception as error:  # whatever it was, a query must not stay unended
            LOG.exception("Query %s cannot be run", key)
            answer: Answer = {"state": "FAILED", "reason": str(error), "category": 1}
            self._change(key, partial(executions.ended, answer=answer, now=time.time()))
        finally:
            if worker is not None:
                self._pool.give_back(worker)

    def _run(self, worker: Worker | None, key: str, work: Work) -> None:
        if worker is not None:
            worker.start()
        with self._lock:
            found = self._change(key, partial(executions.running, now=time.time()))
            if found is None or found["Status"]["State"] != "RUNNING":
                return
            if worker is not None:
                self._busy[key] = worker
        try:
            if isinstance(work, QueryRequest):
                assert worker is not None
                answer = worker.run(work)
            else:
                answer = work()
        finally:
            with self._lock:
                self._busy.pop(key, None)
        self._change(key, partial(executions.ended, answer=answer, now=time.time()))

    def _change(self, key: str, change: Callable[[Execution], Execution]) -> Execution | None:
        with self._lock:
            present = self._executions.get(key)
            if present is None:
                return None
            changed = change(present)
            self._executions.save(changed)
            return changed
