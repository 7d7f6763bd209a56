"""An execution's history in; how far each of its states has come, and why one failed, out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

FAILURES = (
    *("TaskFailed", "TaskTimedOut", "TaskSubmitFailed", "TaskStartFailed"),
    *("LambdaFunctionFailed", "LambdaFunctionTimedOut"),
    *("LambdaFunctionScheduleFailed", "LambdaFunctionStartFailed"),
)
# Where AWS's services put what a person wants to read.
MESSAGES = ("StateDetails", "ErrorMessage", "errorMessage")


@dataclass(frozen=True)
class StateProgress:
    """A task of the state machine: waiting, running, retrying, and in the end
    succeeded, failed, aborted or skipped."""

    name: str
    status: str = "waiting"
    entered: datetime | None = None
    left: datetime | None = None
    cause: str | None = None

    def seconds(self, now: datetime) -> float | None:
        return None if self.entered is None else ((self.left or now) - self.entered).total_seconds()


def progress(names: list[str], events: list[dict[str, Any]], *, ended: bool) -> list[StateProgress]:
    """Where each named state stands after the events of GetExecutionHistory, oldest first."""
    by_id = {event["id"]: event for event in events}
    states = {name: StateProgress(name) for name in names}
    for event in events:
        name = state_of(event, by_id)
        if name in states:
            states[name] = _after(states[name], event)
    last = events[-1]["timestamp"].astimezone(UTC) if events else None
    return [_at_the_end(s, last) if ended else _going_on(s) for s in states.values()]


def _going_on(state: StateProgress) -> StateProgress:
    # A failed attempt in an execution that goes on is followed by another.
    return replace(state, status="retrying") if state.status == "failed" else state


def _at_the_end(state: StateProgress, last: datetime | None) -> StateProgress:
    if state.status == "waiting":
        return replace(state, status="skipped")
    return replace(state, status="aborted", left=last) if state.status == "running" else state


def readable_cause(error: str | None, cause: str | None) -> str:
    """What a person wants of a cause: a job run's own message, else the text as it is."""
    text = cause or "no cause was given"
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if isinstance(document, dict):
        text = next((str(document[name]) for name in MESSAGES if document.get(name)), text)
    return f"{error}: {text}" if error else text


def _after(state: StateProgress, event: dict[str, Any]) -> StateProgress:
    kind, time = event["type"], event["timestamp"].astimezone(UTC)
    if kind.endswith("StateEntered"):
        return replace(state, status="running", entered=time, left=None, cause=None)
    if kind.endswith("StateExited"):
        return replace(state, status="succeeded", left=time, cause=None)
    if kind.endswith("StateAborted"):
        return replace(state, status="aborted", left=time)
    if kind in FAILURES:
        details = next(v for k, v in event.items() if k.endswith("EventDetails"))
        cause = readable_cause(details.get("error"), details.get("cause"))
        return replace(state, status="failed", left=time, cause=cause)
    if kind == "ExecutionFailed" and state.status == "running":
        details = event["executionFailedEventDetails"]
        cause = readable_cause(details.get("error"), details.get("cause"))
        return replace(state, status="failed", left=time, cause=cause)
    if kind in ("TaskScheduled", "LambdaFunctionScheduled"):
        return replace(state, status="running", left=None, cause=None)
    return state


def state_of(event: dict[str, Any], by_id: dict[int, dict[str, Any]]) -> str | None:
    """The name of the state that an event of a history belongs to."""
    found: dict[str, Any] | None = event
    while found is not None:
        for key in ("stateEnteredEventDetails", "stateExitedEventDetails"):
            if key in found:
                return str(found[key]["name"])
        found = by_id.get(found.get("previousEventId", 0))
    return None
