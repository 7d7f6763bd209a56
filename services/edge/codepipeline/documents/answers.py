"""Executions as the API answers them: summaries, details of actions, the state of each stage."""

from __future__ import annotations

from typing import Any

from services.edge.codepipeline.documents.action_runs import Run
from services.edge.codepipeline.documents.executions import ACTIVE, Execution

Answer = dict[str, Any]


def details(execution: Execution) -> Answer:
    """GetPipelineExecution's `pipelineExecution`."""
    whole = {
        "pipelineName": execution["pipeline"],
        "pipelineVersion": execution["version"],
        "pipelineExecutionId": execution["id"],
        "status": execution["status"],
        "statusSummary": _status_summary(execution),
        "artifactRevisions": [_without(r, "action") for r in execution["revisions"]],
        "variables": [
            {"name": name, "resolvedValue": value} for name, value in execution["variables"].items()
        ],
        "trigger": execution["trigger"],
        "executionMode": execution["mode"],
        "executionType": "STANDARD",
    }
    return _present(whole)


def summary(execution: Execution) -> Answer:
    """One of ListPipelineExecutions' summaries."""
    whole = {
        "pipelineExecutionId": execution["id"],
        "status": execution["status"],
        "statusSummary": _status_summary(execution),
        "startTime": execution["started"],
        "lastUpdateTime": execution["updated"],
        "sourceRevisions": [
            {
                "actionName": revision["action"],
                "revisionId": revision["revisionId"],
                "revisionSummary": revision["revisionSummary"],
            }
            for revision in execution["revisions"]
        ],
        "trigger": execution["trigger"],
        "executionMode": execution["mode"],
        "executionType": "STANDARD",
        "stopTrigger": {"reason": execution["stop"]["reason"]} if execution["stop"] else None,
    }
    return _present(whole)


def action_detail(execution: Execution, run: Run) -> Answer:
    """One of ListActionExecutions' details."""
    action = run["action"]
    result = {
        "externalExecutionId": run.get("external_id"),
        "externalExecutionSummary": run.get("summary"),
        "externalExecutionUrl": run.get("url"),
        "errorDetails": run.get("error"),
    }
    given = {
        "actionTypeId": action["actionTypeId"],
        "configuration": action["configuration"],
        "resolvedConfiguration": run["configuration"],
        "roleArn": action.get("roleArn"),
        "inputArtifacts": _artifacts(run["inputs"]),
        "namespace": action.get("namespace"),
    }
    return {
        "pipelineExecutionId": execution["id"],
        "actionExecutionId": run["id"],
        "pipelineVersion": execution["version"],
        "stageName": run["stage"],
        "actionName": run["name"],
        "startTime": run["started"],
        "lastUpdateTime": run["updated"],
        "status": run["status"],
        "input": _present(given),
        "output": {
            "outputArtifacts": _artifacts(run["outputs"]),
            "executionResult": _present(result),
            "outputVariables": run["variables"],
        },
    }


def stage_states(
    declaration: Answer, executions: list[Execution], transitions: dict[str, Answer]
) -> list[Answer]:
    """GetPipelineState's `stageStates`; `executions` oldest first."""
    return [_stage_state(stage, executions, transitions) for stage in declaration["stages"]]


def _stage_state(
    stage: Answer, executions: list[Execution], transitions: dict[str, Answer]
) -> Answer:
    name = stage["name"]
    state: Answer = {
        "stageName": name,
        "inboundTransitionState": transitions.get(name, {"enabled": True}),
        "actionStates": [_action_state(name, action, executions) for action in stage["actions"]],
    }
    inbound = [_stage_execution(e, e["status"]) for e in executions if _waits_for(e, name)]
    if inbound:
        state.update(inboundExecution=inbound[-1], inboundExecutions=inbound)
    if latest := latest_in_stage(executions, name):
        state["latestExecution"] = _stage_execution(latest, _stage_status(latest, name))
    return state


def latest_in_stage(executions: list[Execution], stage: str) -> Execution | None:
    """The execution that entered the stage last."""
    moments = [(_stage(e, stage).get("entered"), e) for e in executions]
    inside = [(moment, e) for moment, e in moments if moment is not None]
    return max(inside, key=lambda pair: pair[0])[1] if inside else None


def _action_state(stage: str, action: Answer, executions: list[Execution]) -> Answer:
    runs = [
        (run, e)
        for e in executions
        for run in e["runs"]
        if run["stage"] == stage and run["name"] == action["name"]
    ]
    if not runs:
        return {"actionName": action["name"]}
    run, _ = max(runs, key=lambda pair: pair[0]["started"])
    latest = {
        "actionExecutionId": run["id"],
        "status": run["status"],
        "summary": run.get("summary"),
        "lastStatusChange": run["updated"],
        "token": run["id"] if _awaits_approval(run) else None,
        "externalExecutionId": run.get("external_id"),
        "externalExecutionUrl": run.get("url"),
        "errorDetails": run.get("error"),
    }
    state: Answer = {"actionName": action["name"], "latestExecution": _present(latest)}
    if revision := run.get("revision"):
        state["currentRevision"] = {
            "revisionId": revision["revisionId"],
            "revisionChangeId": revision["revisionId"],
            "created": revision["created"],
        }
    return state


def _awaits_approval(run: Run) -> bool:
    return bool(
        run["status"] == "InProgress" and run["action"]["actionTypeId"]["category"] == "Approval"
    )


def _stage_execution(execution: Execution, status: str) -> Answer:
    return {"pipelineExecutionId": execution["id"], "status": status, "type": "STANDARD"}


def _stage_status(execution: Execution, name: str) -> str:
    status = str(_stage(execution, name)["status"])
    return "Stopping" if status == "InProgress" and execution["status"] == "Stopping" else status


def _stage(execution: Execution, name: str) -> Answer:
    return next((stage for stage in execution["stages"] if stage["name"] == name), {})


def _waits_for(execution: Execution, name: str) -> bool:
    waits = execution["status"] in ACTIVE and execution["waiting"]
    return bool(waits and execution["stages"][execution["stage"]]["name"] == name)


def _status_summary(execution: Execution) -> str | None:
    """Why the execution ended as it did: superseded, stopped, or by which action's failure."""
    if execution["stop"]:
        return str(execution["stop"]["reason"])
    failed = [
        run for run in execution["runs"] if run["status"] == "Failed" and not run.get("retried")
    ]
    if execution["status"] == "Failed" and failed:
        return f"{failed[-1]['name']}: {failed[-1]['error']['message']}"
    return execution.get("summary")


def _artifacts(found: dict[str, dict[str, str] | None]) -> list[Answer]:
    return [
        {"name": name, "s3location": place} for name, place in found.items() if place is not None
    ]


def _present(fields: Answer) -> Answer:
    return {name: value for name, value in fields.items() if value is not None}


def _without(document: Answer, name: str) -> Answer:
    return {key: value for key, value in document.items() if key != name}
