"""Carries executions on: records each change, then does what has become possible."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any, Protocol

from services.edge.codepipeline.documents import action_runs, executions, scheduling
from services.edge.codepipeline.documents.action_runs import Outcome, Run
from services.edge.codepipeline.documents.executions import Execution
from services.edge.codepipeline.errors import ActionError, PipelineError
from services.edge.codepipeline.store import Pipeline, Store

LOG = logging.getLogger(__name__)
DEADLINE_SECONDS = 5.0
MOST_WAITING = 50  # executions of a pipeline that are not SUPERSEDED


class Perform(Protocol):
    """Carries out an action; None where its end is reported later, by `Engine.finish`."""

    def __call__(self, pipeline: Pipeline, execution: Execution, run: Run, /) -> Outcome | None: ...


class Engine:
    """One thread per action that goes on; an approval needs none."""

    def __init__(self, store: Store, performers: dict[tuple[str, str], Perform]) -> None:
        self._store = store
        self._performers = performers
        self.lock = threading.RLock()

    def resume(self) -> None:
        """Fail what the end of the stack interrupted; let everything else go on."""
        for pipeline in self._store.pipelines():
            for execution in self._store.active(pipeline["arn"]):
                self._store.put_execution(executions.after_restart(execution, time.time()))
            self.advance(pipeline["arn"])
        threading.Thread(target=self._watch_deadlines, name="codepipeline", daemon=True).start()

    def start(
        self, pipeline: Pipeline, trigger: dict[str, str], request: dict[str, Any] | None = None
    ) -> str:
        declaration, given = pipeline["declaration"], request or {}
        with self.lock:
            waiting = len(self._store.active(pipeline["arn"]))
            if declaration["executionMode"] != "SUPERSEDED" and waiting >= MOST_WAITING:
                raise PipelineError(
                    "ConcurrentPipelineExecutionsLimitExceededException",
                    f"Pipeline {declaration['name']} has {MOST_WAITING} executions in progress",
                )
            execution = executions.started(pipeline, str(uuid.uuid4()), trigger, given, time.time())
            self._store.put_execution(execution)
            self.advance(pipeline["arn"])
        return str(execution["id"])

    def change(self, arn: str, execution_id: str, change: Callable[[Execution], Execution]) -> None:
        """Record a changed execution and go on from there."""
        with self.lock:
            present = self._store.execution(arn, execution_id)
            if present is None:
                return  # the pipeline was deleted meanwhile
            self._store.put_execution(change(present))
            self.advance(arn)

    def finish(
        self, arn: str, execution_id: str, run_id: str, end: Callable[[Run, float], Run]
    ) -> bool:
        """End a run that goes on; false where it has ended before, or was abandoned."""
        with self.lock:
            execution = self._store.execution(arn, execution_id)
            run = executions.find_run(execution, run_id) if execution else None
            if execution is None or run is None or run["status"] != "InProgress":
                return False
            now = time.time()
            self._store.put_execution(executions.with_run(execution, end(run, now), now))
            self.advance(arn)
            return True

    def advance(self, arn: str) -> None:
        """Let every execution of the pipeline go as far as it can."""
        with self.lock:
            pipeline = self._store.pipeline(arn)
            if pipeline is None:
                return
            before = self._store.active(arn)
            closed = {
                stage for stage, state in pipeline["transitions"].items() if not state["enabled"]
            }
            after = scheduling.advanced(before, closed, time.time(), lambda: str(uuid.uuid4()))
            for old, new in zip(before, after, strict=True):
                if new is not old:
                    self._store.put_execution(new)
                    self._launch(pipeline, old, new)

    def _launch(self, pipeline: Pipeline, old: Execution, new: Execution) -> None:
        known = {run["id"] for run in old["runs"]}
        for run in new["runs"]:
            is_new = run["id"] not in known and run["status"] == "InProgress"
            if is_new and not action_runs.is_approval(run):
                arguments = (pipeline, new, run)
                threading.Thread(target=self._perform, args=arguments, daemon=True).start()

    def _perform(self, pipeline: Pipeline, execution: Execution, run: Run) -> None:
        kind = run["action"]["actionTypeId"]
        perform = self._performers[kind["category"], kind["provider"]]
        try:
            outcome = perform(pipeline, execution, run)
        except ActionError as error:
            end = _failing(error.code, str(error))
        except Exception as error:
            LOG.exception("Action %s of %s failed", run["name"], execution["pipeline"])
            end = _failing("JobFailed", f"{type(error).__name__}: {error}")
        else:
            if outcome is None:
                return
            end = _succeeding(outcome)
        self.finish(execution["arn"], execution["id"], run["id"], end)

    def _watch_deadlines(self) -> None:
        while True:
            time.sleep(DEADLINE_SECONDS)
            for pipeline in self._store.pipelines():
                for execution in self._store.active(pipeline["arn"]):
                    self._end_overdue(execution, time.time())

    def _end_overdue(self, execution: Execution, now: float) -> None:
        for run in execution["runs"]:
            if run["status"] == "InProgress" and run["deadline"] < now:
                where = (execution["arn"], execution["id"], run["id"])
                self.finish(*where, action_runs.timed_out)


def _failing(code: str, message: str) -> Callable[[Run, float], Run]:
    return lambda run, now: action_runs.failed(run, code, message, now)


def _succeeding(outcome: Outcome) -> Callable[[Run, float], Run]:
    return lambda run, now: action_runs.succeeded(run, outcome, now)
