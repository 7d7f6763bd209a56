"""The code pipeline's latest execution: its actions in, the progress of each stage out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.state_progress import StateProgress

RUNNING = ("InProgress", "Stopping")
STATUSES = {"InProgress": "running", "Abandoned": "aborted"}


class NoSuchPipelineError(Exception):
    """Nothing of that name is deployed."""


@dataclass(frozen=True)
class CodeRun:
    """`cause` says which action failed, and why; None where none did."""

    status: str
    started: datetime
    updated: datetime
    stages: list[StateProgress]
    cause: str | None

    @property
    def ended(self) -> bool:
        return self.status not in RUNNING


def start_or_join(codepipeline: Any, name: str) -> bool:
    """Start an execution unless one goes on; whether there is a new one."""
    newest = codepipeline.list_pipeline_executions(pipelineName=name, maxResults=1)
    if any(one["status"] in RUNNING for one in newest["pipelineExecutionSummaries"]):
        return False
    codepipeline.start_pipeline_execution(name=name)
    return True


def latest(codepipeline: Any, name: str) -> CodeRun | None:
    """The execution that was started last, by whomever, or None before the first.

    Raises NoSuchPipelineError.
    """
    try:
        pipeline = codepipeline.get_pipeline(name=name)["pipeline"]
    except codepipeline.exceptions.PipelineNotFoundException as error:
        raise NoSuchPipelineError(f"There is no pipeline {name}") from error
    found = codepipeline.list_pipeline_executions(pipelineName=name, maxResults=1)
    if not found["pipelineExecutionSummaries"]:
        return None
    newest = found["pipelineExecutionSummaries"][0]
    actions = codepipeline.list_action_executions(
        pipelineName=name, filter={"pipelineExecutionId": newest["pipelineExecutionId"]}
    )["actionExecutionDetails"]
    return code_run([stage["name"] for stage in pipeline["stages"]], newest, actions)


def code_run(
    stages: list[str], execution: dict[str, Any], actions: list[dict[str, Any]]
) -> CodeRun:
    """The execution's progress; `actions` are ListActionExecutions' details, newest first."""
    ended = execution["status"] not in RUNNING
    return CodeRun(
        status=execution["status"],
        started=execution["startTime"].astimezone(UTC),
        updated=execution["lastUpdateTime"].astimezone(UTC),
        stages=[stage_progress(name, actions, ended=ended) for name in stages],
        cause=next((_cause(a) for a in actions if a["status"] == "Failed"), None)
        if execution["status"] == "Failed"
        else None,
    )


def stage_progress(stage: str, actions: list[dict[str, Any]], *, ended: bool) -> StateProgress:
    """The stage's latest attempt: what its worst action is, from its first start to its end."""
    latest = {a["actionName"]: a for a in reversed(actions) if a["stageName"] == stage}
    if not latest:
        return StateProgress(stage, status="skipped" if ended else "waiting")
    found = {action["status"] for action in latest.values()}
    status = next(s for s in ("Failed", "InProgress", "Abandoned", "Succeeded") if s in found)
    left = max(action["lastUpdateTime"] for action in latest.values()).astimezone(UTC)
    return StateProgress(
        stage,
        status=STATUSES.get(status, status.lower()),
        entered=min(action["startTime"] for action in latest.values()).astimezone(UTC),
        left=None if status == "InProgress" else left,
    )


def _cause(action: dict[str, Any]) -> str:
    error = action["output"]["executionResult"].get("errorDetails", {})
    return f"{action['actionName']}: {error.get('message', 'no reason was given')}"
