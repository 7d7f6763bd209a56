"""How chains begin by themselves, and workflow runs by their start trigger within their limit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.edge.aws.schedules import parse_cron
from services.edge.glue import errors
from services.edge.glue.documents.dependency_chains import UNFINISHED
from services.edge.glue.documents.triggers import is_start
from services.edge.glue.engine.triggers import Engine
from services.edge.glue.store import TRIGGER, WORKFLOW, require, triggers_of
from services.edge.store.records import Scoped

Document = dict[str, Any]


def start_workflow_run(
    records: Scoped, engine: Engine, name: str, properties: dict[str, str]
) -> Document:
    """The run; raises ConcurrentRunsExceededException where there are enough already."""
    with engine.lock:
        workflow = require(records, WORKFLOW, name)
        trigger = start_trigger_of(records, name)
        if trigger is None:
            raise errors.invalid_input(f"Workflow {name} has no start trigger.")
        if is_full(workflow, engine.of_workflow(name)):
            raise errors.GlueError("ConcurrentRunsExceededException", exceeded(name))
        return engine.fire(trigger, {**workflow["DefaultRunProperties"], **properties})


def fire_scheduled(records: Scoped, engine: Engine, minute: datetime) -> None:
    """Every activated trigger whose schedule names this minute."""
    for trigger in records.list(TRIGGER):
        if trigger["Type"] != "SCHEDULED" or trigger["State"] != "ACTIVATED":
            continue
        if parse_cron(trigger["Schedule"]).matches(minute):
            _fire(records, engine, trigger)


def _fire(records: Scoped, engine: Engine, trigger: Document) -> None:
    """A workflow run beyond the limit is recorded as ERROR."""
    workflow = trigger.get("WorkflowName")
    if not workflow:
        engine.fire(trigger)
        return
    try:
        start_workflow_run(records, engine, workflow, {})
    except errors.GlueError as error:
        engine.refuse(workflow, error.message)


def start_trigger_of(records: Scoped, workflow: str) -> Document | None:
    for trigger in triggers_of(records, workflow):
        if is_start(trigger):
            return trigger
    return None


def is_full(workflow: Document, runs: list[Document]) -> bool:
    limit = workflow.get("MaxConcurrentRuns")
    return limit is not None and sum(run["Status"] in UNFINISHED for run in runs) >= limit


def exceeded(workflow: str) -> str:
    """WorkflowRun's "only error message", by the API reference."""
    return f"Concurrent runs exceeded for workflow: {workflow}."
