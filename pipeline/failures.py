"""Why an execution failed, for a person: the state, its error, and the last lines of its log."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from pipeline import task_output
from pipeline.executions import History, history
from pipeline.state_progress import FAILURES, readable_cause, state_of
from pipeline.task_logs import Document, Place, details_of, scheduled, task_run

LAST_LINES = 15
PATIENCE_SECONDS = 3.0  # a function's log is written after its answer
TRACEBACK = "Traceback (most recent call last):"
JAVA_FRAME = re.compile(r"\s+(at |\.\.\. \d+ more)")


@dataclass(frozen=True)
class Failure:
    state: str | None
    cause: str
    place: Place | None = None
    lines: tuple[str, ...] = ()


def of_execution(states: Any, logs: Any, arn: str) -> Failure | None:
    return of_history(logs, history(states, arn))


def of_history(logs: Any, told: History) -> Failure | None:
    """None where the execution goes on or has succeeded."""
    if told.described["status"] in ("RUNNING", "SUCCEEDED"):
        return None
    found = failure(told.events) or Failure(None, _cause(told.described))
    if found.place is None:
        return found
    try:
        return replace(found, lines=tuple(last_exception(_output(logs, found.place))))
    except ClientError:  # the group is not there: nothing was written before it failed
        return found


def failure(events: list[Document]) -> Failure | None:
    """The last failure of a task in an execution's history, without its log."""
    by_id = {event["id"]: event for event in events}
    for event in reversed(events):
        if event["type"] in FAILURES:
            details = details_of(event)
            run = task_run(scheduled(event, by_id), details.get("cause") or "")
            return Failure(state_of(event, by_id), _cause(details), run.errors if run else None)
    for event in reversed(events):
        if event["type"] == "ExecutionFailed":
            return Failure(state_of(event, by_id), _cause(details_of(event)))
    return None


def last_exception(lines: list[str]) -> list[str]:
    """From the last traceback on, without the frames of Java; else the last lines."""
    kept = [line for line in lines if line.strip() and not JAVA_FRAME.match(line)]
    begins = [number for number, line in enumerate(kept) if line.startswith(TRACEBACK)]
    if not begins:
        return kept[-LAST_LINES:]
    # Lambda's runtime names the exception before its traceback.
    first = begins[-1] - (1 if kept[begins[-1] - 1].startswith("[ERROR]") else 0)
    found = kept[max(0, first) :]
    return found if len(found) <= LAST_LINES else [found[0], "…", *found[2 - LAST_LINES :]]


def _output(logs: Any, where: Place) -> list[str]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = task_output.lines(logs, where, first="stderr")
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def _cause(details: Document) -> str:
    return readable_cause(details.get("error"), details.get("cause"))
