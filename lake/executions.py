"""Follow a Step Functions execution: what each state did, and why the execution failed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ENDED = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})


@dataclass(frozen=True)
class StateChange:
    """A state was entered, left, or had a failed attempt (`cause` then says why)."""

    state: str
    change: str
    seconds: float
    cause: str | None = None


def state_changes(events: list[dict[str, Any]]) -> list[StateChange]:
    """The changes in a history of GetExecutionHistory, oldest first; seconds since the start."""
    by_id = {event["id"]: event for event in events}
    began = events[0]["timestamp"] if events else None
    changes = []
    for event in events:
        seconds = (event["timestamp"] - began).total_seconds()
        kind = event["type"]
        if kind.endswith("StateEntered"):
            name = event["stateEnteredEventDetails"]["name"]
            changes.append(StateChange(name, "started", seconds))
        elif kind.endswith("StateExited"):
            name = event["stateExitedEventDetails"]["name"]
            changes.append(StateChange(name, "succeeded", seconds))
        elif kind in ("TaskFailed", "TaskTimedOut", "TaskSubmitFailed"):
            details = next(v for k, v in event.items() if k.endswith("EventDetails"))
            cause = readable_cause(details.get("error", ""), details.get("cause", ""))
            changes.append(StateChange(_state_of(event, by_id), "failed", seconds, cause))
    return changes


def readable_cause(error: str, cause: str) -> str:
    """The part of a cause that a person wants: a job run's own message, else the text itself."""
    try:
        document = json.loads(cause)
    except ValueError:
        return f"{error}: {cause}"
    if not isinstance(document, dict):
        return f"{error}: {cause}"
    message = document.get("StateDetails") or document.get("ErrorMessage") or cause
    return f"{error}: {message}"


def follow(states: Any, execution_arn: str, poll_seconds: float = 0.3) -> Iterator[StateChange]:
    """Yield each change as it happens until the execution has ended."""
    seen = 0
    while True:
        ended = states.describe_execution(executionArn=execution_arn)["status"] in ENDED
        changes = state_changes(history(states, execution_arn))
        yield from changes[seen:]
        seen = len(changes)
        if ended:
            return
        time.sleep(poll_seconds)


def history(states: Any, execution_arn: str) -> list[dict[str, Any]]:
    pages = states.get_paginator("get_execution_history").paginate(executionArn=execution_arn)
    return [event for page in pages for event in page["events"]]


def _state_of(event: dict[str, Any], by_id: dict[int, dict[str, Any]]) -> str:
    while event is not None:
        if details := event.get("stateEnteredEventDetails"):
            return str(details["name"])
        event = by_id.get(event.get("previousEventId", 0), {}) or None  # type: ignore[assignment]
    return "the execution"
