"""Wait until the code pipeline has deployed a commit; fail with the reason of its failed action."""

from __future__ import annotations

import time
from typing import Any

RUNNING = ("InProgress", "Stopping")
NOTICED_SECONDS = 30.0  # so long a push may take to start the pipeline
POLL_SECONDS = 0.3


class PipelineError(Exception):
    """The code was pushed but not deployed; the message says which action failed, and why."""


def ensure_deployed(
    codepipeline: Any, name: str, commit: str, *, pushed: bool, timeout: float = 900
) -> None:
    """Wait for the execution of `commit`; start one where none comes or the last one failed."""
    began, started = time.monotonic(), False
    while not is_deployed(found := newest(codepipeline, name), commit):
        waited = time.monotonic() - began
        if waited > timeout:
            raise PipelineError(f"{name} has not deployed {commit} after {timeout:.0f} s")
        if found is None or found["status"] not in RUNNING:
            if found and (started or (pushed and holds(found, commit))):
                raise PipelineError(failure(codepipeline, name, found))
            if not pushed or waited > NOTICED_SECONDS:
                codepipeline.start_pipeline_execution(name=name)
                started = True
        time.sleep(POLL_SECONDS)


def newest(codepipeline: Any, name: str) -> dict[str, Any] | None:
    """The execution that was started last; the ones before it are superseded by it."""
    found = codepipeline.list_pipeline_executions(pipelineName=name, maxResults=1)
    summaries: list[dict[str, Any]] = found["pipelineExecutionSummaries"]
    return summaries[0] if summaries else None


def is_deployed(execution: dict[str, Any] | None, commit: str) -> bool:
    return bool(execution and execution["status"] == "Succeeded" and holds(execution, commit))


def holds(execution: dict[str, Any], commit: str) -> bool:
    return commit in [r.get("revisionId") for r in execution.get("sourceRevisions", [])]


def failure(codepipeline: Any, name: str, execution: dict[str, Any]) -> str:
    """How the execution ended, and what each of its failed actions says."""
    execution_id = execution["pipelineExecutionId"]
    details = codepipeline.list_action_executions(
        pipelineName=name, filter={"pipelineExecutionId": execution_id}
    )["actionExecutionDetails"]
    reasons = [
        f"  {detail['actionName']}: {_reason(detail)}"
        for detail in details
        if detail["status"] == "Failed"
    ]
    head = f"Execution {execution_id} of {name} is {execution['status']}:"
    return "\n".join([head, *reasons])


def _reason(detail: dict[str, Any]) -> str:
    found = detail["output"]["executionResult"].get("errorDetails", {})
    return str(found.get("message", "no reason given"))
