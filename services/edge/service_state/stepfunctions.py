"""Step Functions executions on disk: without their threads, with their history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

from localstack.aws.api.stepfunctions import ExecutionStatus, HistoryEventType, MapRunStatus
from localstack.services.stepfunctions.backend.execution import Execution
from localstack.services.stepfunctions.backend.store import sfn_stores
from localstack.state import pickle
from localstack.utils.patch import patch

from services.edge.patches.stepfunctions import execution_metrics
from services.edge.service_state import pickles, save_first
from services.edge.service_state.stores import regional_stores

ERROR = "States.Runtime"
CAUSE = "The stack ended while the execution was going on; start a new one."
LIVE = ("exec_worker", "_activity_store", "_cloud_watch_logging_session", "stored")


def make_storable(_connection: Any) -> None:
    pickle.add_dispatch_entry(Execution, _reduce, subclasses=True)

    @patch(Execution.start)
    def _start(start: Any, execution: Any) -> None:
        execution.exec_status = ExecutionStatus.RUNNING
        save_first.stored("stepfunctions", "StartExecution", partial(_forget, execution))
        start(execution)


def after_load(_provider: Any) -> None:
    """What was going on when the stack ended has failed, and its history says so."""
    for execution in _executions():
        if execution.exec_status == ExecutionStatus.RUNNING:
            _fail(execution)


def goes_on() -> bool:
    """Whether an execution changes by itself."""
    return any(execution.exec_status == ExecutionStatus.RUNNING for execution in _executions())


def _forget(execution: Any) -> None:
    executions = sfn_stores[execution.account_id][execution.region_name].executions
    if executions.get(execution.exec_arn) is execution:
        del executions[execution.exec_arn]


def _executions() -> list[Any]:
    stores = regional_stores(sfn_stores)
    return [execution for store in stores for execution in list(store.executions.values())]


def _fail(execution: Any) -> None:
    execution.exec_status = ExecutionStatus.FAILED
    execution.error, execution.cause = ERROR, CAUSE
    execution.stop_date = datetime.now(UTC)
    execution_metrics.count(execution)
    env = execution.exec_worker.env
    for run in env.map_run_record_pool_manager.get_all():
        run.fail(execution.stop_date)
    events = env.event_manager.get_event_history()
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
        stored = pickles.dumps((type(execution), _state(execution)))
        if execution.exec_status not in (None, ExecutionStatus.RUNNING):
            execution.stored = stored
    pickler.save_reduce(_restored, (stored,), obj=execution)


def _state(execution: Any) -> dict[str, Any]:
    state = {name: value for name, value in vars(execution).items() if name not in LIVE}
    worker = execution.exec_worker
    has_history = worker is not None and worker.env is not None
    history = list(worker.env.event_manager.get_event_history()) if has_history else []
    pool = worker.env.map_run_record_pool_manager if has_history else MapRuns([])
    return {**state, "history": history, "map_runs": [MapRun.of(one) for one in pool.get_all()]}


def _restored(stored: bytes) -> Any:
    kind, state = pickles.loads(stored)
    execution = kind.__new__(kind)
    history = state.pop("history")
    map_runs = MapRuns(state.pop("map_runs", []))  # an earlier version kept none
    vars(execution).update(state)
    execution._activity_store, execution._cloud_watch_logging_session = {}, None
    manager = SimpleNamespace(get_event_history=lambda: history)
    # What the provider asks an execution's worker for once it has ended: its events and Map Runs.
    execution.exec_worker = SimpleNamespace(
        env=SimpleNamespace(event_manager=manager, map_run_record_pool_manager=map_runs),
        stop=lambda **_: None,
    )
    return execution


@dataclass(frozen=True)
class MapRun:
    """A Map Run as it was when it was stored."""

    map_run_arn: str
    described: dict[str, Any]
    listed: dict[str, Any]

    @classmethod
    def of(cls, record: Any) -> MapRun:
        return cls(record.map_run_arn, record.describe(), record.list_item())

    def describe(self) -> dict[str, Any]:
        return self.described

    def list_item(self) -> dict[str, Any]:
        return self.listed

    def update(self, **_: Any) -> None:
        """It goes on no more."""

    def fail(self, at: datetime) -> None:
        """Where it was going on."""
        if self.described["status"] == MapRunStatus.RUNNING:
            self.described.update(status=MapRunStatus.FAILED, stopDate=at)
            self.listed["stopDate"] = at


@dataclass(frozen=True)
class MapRuns:
    records: list[MapRun]

    def get(self, map_run_arn: str) -> MapRun | None:
        return next((record for record in self.records if record.map_run_arn == map_run_arn), None)

    def get_all(self) -> list[MapRun]:
        return self.records
