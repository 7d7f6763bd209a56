"""An execution of a pipeline as a plain document, and every change that it can undergo."""

from __future__ import annotations

from typing import Any

from services.edge.codepipeline.documents import action_runs, variables

Execution = dict[str, Any]

ACTIVE = ("InProgress", "Stopping")
ENDED_BY_STACK = (
    "The stack ended while the action was going on: retry the stage, or start a new execution"
)


def started(
    pipeline: dict[str, Any],
    execution_id: str,
    trigger: dict[str, str],
    request: dict[str, Any],
    now: float,
) -> Execution:
    """An execution that waits to enter the first stage."""
    declaration = pipeline["declaration"]
    stages = [{"name": stage["name"], "status": None} for stage in declaration["stages"]]
    return {
        "id": execution_id,
        "arn": pipeline["arn"],
        "pipeline": declaration["name"],
        "version": declaration["version"],
        "mode": declaration["executionMode"],
        "declaration": declaration,
        "status": "InProgress",
        "started": now,
        "updated": now,
        "trigger": trigger,
        "token": request.get("clientRequestToken"),
        "overrides": revisions_asked(request),
        "variables": variables.chosen(
            declaration.get("variables") or [], request.get("variables") or []
        ),
        "stop": None,
        "stage": 0,
        "waiting": True,
        "stages": stages,
        "runs": [],
        "artifacts": {},
        "outputs": {},
        "revisions": [],
    }


def revisions_asked(request: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The source revisions of a request: by action, the value of each type."""
    asked: dict[str, dict[str, str]] = {}
    for entry in request.get("sourceRevisions") or []:
        asked.setdefault(entry["actionName"], {})[entry["revisionType"]] = entry["revisionValue"]
    return asked


def stage_name(execution: Execution) -> str:
    """The stage that the execution is in or waits to enter."""
    return str(execution["stages"][execution["stage"]]["name"])


def current_runs(execution: Execution) -> list[action_runs.Run]:
    """The runs of the present stage that count: without those that a retry repeats."""
    stage = stage_name(execution)
    return [r for r in execution["runs"] if r["stage"] == stage and not r.get("retried")]


def find_run(execution: Execution, run_id: str) -> action_runs.Run | None:
    return next((run for run in execution["runs"] if run["id"] == run_id), None)


def entered(execution: Execution, now: float) -> Execution:
    return _with_stage({**execution, "waiting": False}, now, status="InProgress", entered=now)


def stage_succeeded(execution: Execution, now: float) -> Execution:
    """Past the last stage the execution has succeeded, else it waits to enter the next."""
    done = _with_stage(execution, now, status="Succeeded")
    if execution["stage"] + 1 == len(execution["stages"]):
        return {**done, "status": "Succeeded"}
    return {**done, "stage": execution["stage"] + 1, "waiting": True}


def stage_failed(execution: Execution, now: float) -> Execution:
    return {**_with_stage(execution, now, status="Failed"), "status": "Failed"}


def superseded(execution: Execution, by: str, now: float) -> Execution:
    summary = f"Superseded by execution {by}"
    return {**execution, "status": "Superseded", "summary": summary, "updated": now}


def stopping(execution: Execution, *, abandon: bool, reason: str, now: float) -> Execution:
    """Stops once its actions have ended; with `abandon` they are left to themselves at once."""
    asked = {
        **execution,
        "status": "Stopping",
        "stop": {"abandon": abandon, "reason": reason},
        "updated": now,
    }
    if not abandon:
        return asked
    runs = [
        action_runs.abandoned(run, now) if run["status"] == "InProgress" else run
        for run in execution["runs"]
    ]
    return {**asked, "runs": runs}


def stopped(execution: Execution, now: float) -> Execution:
    ended = {**execution, "status": "Stopped", "updated": now}
    return ended if execution["waiting"] else _with_stage(ended, now, status="Stopped")


def retried(execution: Execution, mode: str, now: float) -> Execution:
    """The failed stage goes on: with the actions that did not succeed, or with all of them."""
    stage = stage_name(execution)
    runs = [
        {**run, "retried": True}
        if run["stage"] == stage and (mode == "ALL_ACTIONS" or run["status"] != "Succeeded")
        else run
        for run in execution["runs"]
    ]
    again = {**execution, "status": "InProgress", "stop": None, "runs": runs}
    return _with_stage(again, now, status="InProgress", entered=now)


def with_run(execution: Execution, run: action_runs.Run, now: float) -> Execution:
    """The execution with a run added or changed, and with what a succeeded one has produced."""
    others = [r if r["id"] != run["id"] else run for r in execution["runs"]]
    known = find_run(execution, run["id"]) is not None
    after = {**execution, "runs": others if known else [*others, run], "updated": now}
    if run["status"] != "Succeeded":
        return after
    after["artifacts"] = {**execution["artifacts"], **run["outputs"]}
    if namespace := run["action"].get("namespace"):
        after["outputs"] = {**execution["outputs"], namespace: run["variables"]}
    if run.get("revision"):
        kept = [r for r in execution["revisions"] if r["action"] != run["name"]]
        after["revisions"] = [*kept, {**run["revision"], "action": run["name"]}]
    return after


def after_restart(execution: Execution, now: float) -> Execution:
    """What was going on when the stack ended has failed; an approval is still waited for."""
    for run in execution["runs"]:
        if run["status"] == "InProgress" and not action_runs.is_approval(run):
            failed = action_runs.failed(run, "SystemUnavailable", ENDED_BY_STACK, now)
            execution = with_run(execution, failed, now)
    return execution


def _with_stage(execution: Execution, now: float, **changes: Any) -> Execution:
    stages = list(execution["stages"])
    stages[execution["stage"]] = {**stages[execution["stage"]], **changes}
    return {**execution, "stages": stages, "updated": now}
