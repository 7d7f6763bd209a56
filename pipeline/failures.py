"""Why an execution failed, for a person: the state, its error, and the last lines of its log."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from pipeline.executions import FAILURES, readable_cause, state_of

Document = dict[str, Any]

LAST_LINES = 15
PATIENCE_SECONDS = 3.0  # a function's log is written after its answer
TRACEBACK = "Traceback (most recent call last):"
JAVA_FRAME = re.compile(r"\s+(at |\.\.\. \d+ more)")
REQUEST = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Place:
    """Where a task's output is: `stream` is part of the names of its streams, `request` the id
    between whose START and END lines it stands."""

    group: str
    stream: str = ""
    request: str = ""


@dataclass(frozen=True)
class Failure:
    state: str | None
    cause: str
    place: Place | None = None
    lines: tuple[str, ...] = ()


def of_execution(states: Any, logs: Any, arn: str) -> Failure | None:
    """None where the execution goes on or has succeeded."""
    described = states.describe_execution(executionArn=arn)
    if described["status"] in ("RUNNING", "SUCCEEDED"):
        return None
    pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    events = [event for page in pages for event in page["events"]]
    found = failure(events) or Failure(None, _cause(described))
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
            details = _details(event)
            cause = details.get("cause")
            task = _task(event, by_id)
            return Failure(state_of(event, by_id), _cause(details), place(task, cause or ""))
    for event in reversed(events):
        if event["type"] == "ExecutionFailed":
            return Failure(state_of(event, by_id), _cause(_details(event)))
    return None


def place(task: Document, cause: str) -> Place | None:
    """Where a task has written, by what it was asked to do and by its cause."""
    document = _document(cause)
    if "JobRunId" in document and "ApplicationId" in document:
        overrides = document.get("ConfigurationOverrides") or {}
        monitoring = overrides.get("MonitoringConfiguration") or {}
        settings = monitoring.get("CloudWatchLoggingConfiguration") or {}
        group = settings.get("LogGroupName") or "/aws/emr-serverless"
        return Place(group, f"/jobs/{document['JobRunId']}/")
    if "LogGroupName" in document and "Id" in document:
        return Place(f"{document['LogGroupName']}/error", document["Id"])
    if function := _function(task):
        request = document.get("requestId") or ""
        found = REQUEST.search(f"{request} {document.get('errorMessage', '')}")
        return Place(f"/aws/lambda/{function}", request=found[0] if found else "")
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
        lines = _invocation(logs, where) if where.request else _streams(logs, where)
        if lines or time.monotonic() > deadline:
            return lines
        time.sleep(0.2)


def _streams(logs: Any, where: Place) -> list[str]:
    """A job's error output, or what else it wrote where that is empty."""
    pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=where.group)
    names = [s["logStreamName"] for page in pages for s in page["logStreams"]]
    wanted = sorted(name for name in names if where.stream in name)
    for name in sorted(wanted, key=lambda name: not name.endswith("stderr")):
        if lines := _lines(logs, where.group, name):
            return lines
    return []


def _invocation(logs: Any, where: Place) -> list[str]:
    found = logs.filter_log_events(
        logGroupName=where.group, filterPattern=f'"RequestId: {where.request}"'
    )["events"]
    if not any(event["message"].startswith("END") for event in found):
        return []
    lines = _lines(logs, where.group, found[0]["logStreamName"])
    marks = [n for n, line in enumerate(lines) if f"RequestId: {where.request}" in line]
    first, last = marks[0], max(n for n in marks if lines[n].startswith("END"))
    return lines[first + 1 : last]


def _lines(logs: Any, group: str, stream: str) -> list[str]:
    found = logs.get_log_events(logGroupName=group, logStreamName=stream, limit=1000)["events"]
    return [line for event in found for line in re.split(r"[\r\n]+", event["message"]) if line]


def _task(event: Document, by_id: dict[int, Document]) -> Document:
    """The details with which the failed task was scheduled."""
    found: Document | None = event
    while found is not None:
        if found["type"] in ("TaskScheduled", "LambdaFunctionScheduled"):
            return _details(found)
        found = by_id.get(found.get("previousEventId", 0))
    return {}


def _function(task: Document) -> str | None:
    resource = str(task.get("resource", ""))
    if ":function:" in resource:
        return resource.partition(":function:")[2].partition(":")[0]
    if task.get("resourceType") != "lambda":
        return None
    name = str(_document(task.get("parameters", "")).get("FunctionName", ""))
    return (name.partition(":function:")[2] or name).partition(":")[0] or None


def _details(event: Document) -> Document:
    return next((dict(v) for k, v in event.items() if k.endswith("EventDetails")), {})


def _cause(details: Document) -> str:
    return readable_cause(details.get("error"), details.get("cause"))


def _document(text: str) -> Document:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
