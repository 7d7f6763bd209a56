"""Where the task of a state writes its output, from what it was asked and what it answered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from pipeline.state_progress import state_of

Document = dict[str, Any]

REQUEST = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EMR_GROUP, GLUE_GROUP = "/aws/emr-serverless", "/aws-glue/jobs"


@dataclass(frozen=True)
class Place:
    """Where a task's output is: `stream` is part of the names of its streams, `request` the id
    between whose START and END lines it stands."""

    group: str
    stream: str = ""
    request: str = ""


@dataclass(frozen=True)
class TaskRun:
    """A job run or a call of a function: where it prints, and where its errors go."""

    kind: str  # emr-serverless, glue or lambda
    output: Place
    errors: Place


def task_run(task: Document, answer: str) -> TaskRun | None:
    """Of the details with which a task was scheduled, and the JSON text of its answer or cause."""
    document, resource = parsed(answer), str(task.get("resourceType", ""))
    if "JobRunId" in document and "ApplicationId" in document:
        asked = document if "ConfigurationOverrides" in document else parameters(task)
        place = Place(_emr_group(asked), f"/jobs/{document['JobRunId']}/")
        return TaskRun("emr-serverless", place, place)
    if "LogGroupName" in document and "Id" in document:
        return _glue_run(str(document["LogGroupName"]), str(document["Id"]))
    if resource == "glue" and "JobRunId" in document:
        return _glue_run(GLUE_GROUP, str(document["JobRunId"]))
    if function := _function(task):
        metadata = document.get("SdkResponseMetadata") or {}
        request = document.get("requestId") or metadata.get("RequestId") or ""
        found = REQUEST.search(f"{request} {document.get('errorMessage', '')}")
        place = Place(f"/aws/lambda/{function}", request=found[0] if found else "")
        return TaskRun("lambda", place, place)
    return None


def task_runs(events: list[Document]) -> dict[str, TaskRun]:
    """The last run of each state that has one, from an execution's history."""
    by_id = {event["id"]: event for event in events}
    found: dict[str, TaskRun] = {}
    for event in (e for e in events if e["type"].startswith(("Task", "LambdaFunction"))):
        details = details_of(event)
        answer = details.get("output") or details.get("cause") or ""
        run = task_run(scheduled(event, by_id), answer) if answer else None
        if run and (state := state_of(event, by_id)):
            found[state] = run
    return found


def scheduled(event: Document, by_id: dict[int, Document]) -> Document:
    """The details with which an event's task was scheduled."""
    found: Document | None = event
    while found is not None:
        if found["type"] in ("TaskScheduled", "LambdaFunctionScheduled"):
            return details_of(found)
        found = by_id.get(found.get("previousEventId", 0))
    return {}


def details_of(event: Document) -> Document:
    return next((dict(v) for k, v in event.items() if k.endswith("EventDetails")), {})


def parameters(task: Document) -> Document:
    return parsed(str(task.get("parameters", "")))


def parsed(text: str) -> Document:
    """The JSON object of the text; an empty one where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _glue_run(group: str, run_id: str) -> TaskRun:
    return TaskRun("glue", Place(f"{group}/output", run_id), Place(f"{group}/error", run_id))


def _emr_group(asked: Document) -> str:
    overrides = asked.get("ConfigurationOverrides") or {}
    monitoring = overrides.get("MonitoringConfiguration") or {}
    settings = monitoring.get("CloudWatchLoggingConfiguration") or {}
    return str(settings.get("LogGroupName") or EMR_GROUP)


def _function(task: Document) -> str | None:
    resource = str(task.get("resource", ""))
    if ":function:" in resource:
        return resource.partition(":function:")[2].partition(":")[0]
    if task.get("resourceType") != "lambda":
        return None
    name = str(parameters(task).get("FunctionName", ""))
    return (name.partition(":function:")[2] or name).partition(":")[0] or None
