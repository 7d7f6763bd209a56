"""Step Functions executions on disk: without their threads, with their history."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from localstack.aws.api.stepfunctions import ExecutionStatus, HistoryEventType
from localstack.services.stepfunctions.backend.execution import Execution
from localstack.state import pickle

ERROR = "States.Runtime"
CAUSE = "The stack ended while the execution was going on; start a new one."
LIVE = ("exec_worker", "_activity_store", "_cloud_watch_logging_session", "stored")


def make_storable() -> None:
    pickle.add_dispatch_entry(Execution, _reduce, subclasses=True)


def fail_unfinished(executions: dict[str, Any]) -> None:
    """What was going on when the stack ended has failed, and its history says so."""
    for execution in executions.values():
        if execution.exec_status == ExecutionStatus.RUNNING:
            _fail(execution)


def _fail(execution: Any) -> None:
    execution.exec_status = ExecutionStatus.FAILED
    execution.error, execution.cause = ERROR, CAUSE
    execution.stop_date = datetime.now(UTC)
    events = execution.exec_worker.env.event_manager.get_event_history()
    last = events[-1]["id"] if events else 0
    events.append(
        {
            "timestamp": execution.stop_date,
            "type": HistoryEventType.ExecutionFailed,
            "id": last + 1,
            "previousEventId": last,
            "executionFailedEventDetails": {"error": ERROR, "cause": CAUSE},
        }
    )


def _reduce(pickler: Any, execution: Any) -> None:
    """One that has ended changes no more: it is pickled once."""
    stored = getattr(execution, "stored", None)
    if stored is None:
        stored = bytes(pickle.dumps((type(execution), _state(execution))))
        if execution.exec_status not in (None, ExecutionStatus.RUNNING):
            execution.stored = stored
    pickler.save_reduce(_restored, (stored,), obj=execution)


def _state(execution: Any) -> dict[str, Any]:
    state = {name: value for name, value in vars(execution).items() if name not in LIVE}
    worker = execution.exec_worker
    has_history = worker is not None and worker.env is not None
    history = list(worker.env.event_manager.get_event_history()) if has_history else []
    return {**state, "history": history}


def _restored(stored: bytes) -> Any:
    kind, state = pickle.loads(stored)
    execution = kind.__new__(kind)
    history = state.pop("history")
    vars(execution).update(state)
    execution._activity_store, execution._cloud_watch_logging_session = {}, None
    manager = SimpleNamespace(get_event_history=lambda: history)
    # What the provider asks an execution's worker for once it has ended: its events.
    execution.exec_worker = SimpleNamespace(
        env=SimpleNamespace(event_manager=manager), stop=lambda **_: None
    )
    return execution
