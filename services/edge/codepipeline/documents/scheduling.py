"""Which execution may go on, and with which actions: all active ones of a pipeline in, out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from services.edge.codepipeline.documents import action_runs, executions
from services.edge.codepipeline.documents.executions import ACTIVE, Execution


def advanced(
    active: list[Execution], closed: Collection[str], now: float, new_id: Callable[[], str]
) -> list[Execution]:
    """The executions, oldest first, after all that can happen at once has happened.

    `closed` names the stages whose inbound transition is disabled. A run that this adds as
    InProgress is for the caller to carry out.
    """
    found = list(active)
    while True:
        moved = False
        for place, execution in enumerate(found):
            after = _step(execution, found, closed, now, new_id)
            if after is not execution:
                found[place], moved = after, True
        if not moved:
            return found


def _step(
    execution: Execution,
    every: list[Execution],
    closed: Collection[str],
    now: float,
    new_id: Callable[[], str],
) -> Execution:
    if execution["status"] not in ACTIVE:
        return execution
    if execution["waiting"]:
        return _waiting(execution, every, closed, now)
    statuses = {run["status"] for run in executions.current_runs(execution)}
    if "InProgress" in statuses:
        return execution
    if execution["status"] == "Stopping":
        return executions.stopped(execution, now)
    if "Failed" in statuses:
        return executions.stage_failed(execution, now)
    if group := _next_group(execution):
        for action in group:
            stage = executions.stage_name(execution)
            run = action_runs.started(execution, stage, action, new_id(), now)
            execution = executions.with_run(execution, run, now)
        return execution
    return executions.stage_succeeded(execution, now)


def _waiting(
    execution: Execution, every: list[Execution], closed: Collection[str], now: float
) -> Execution:
    if execution["status"] == "Stopping":
        return executions.stopped(execution, now)
    if execution["mode"] == "SUPERSEDED" and (newer := _newer_waiting(execution, every)):
        return executions.superseded(execution, newer["id"], now)
    stage = executions.stage_name(execution)
    if stage in closed or (execution["mode"] != "PARALLEL" and _is_taken(execution, every)):
        return execution
    return executions.entered(execution, now)


def _newer_waiting(execution: Execution, every: list[Execution]) -> Execution | None:
    later = every[every.index(execution) + 1 :]
    return next((other for other in reversed(later) if _waits_with(execution, other)), None)


def _is_taken(execution: Execution, every: list[Execution]) -> bool:
    """Another execution is in the stage, or waits for it and came first."""
    earlier = every[: every.index(execution)]
    stage = executions.stage_name(execution)
    return any(
        other["status"] in ACTIVE and not other["waiting"] and executions.stage_name(other) == stage
        for other in every
    ) or any(_waits_with(execution, other) for other in earlier)


def _waits_with(execution: Execution, other: Execution) -> bool:
    return bool(
        other["status"] in ACTIVE
        and other["waiting"]
        and executions.stage_name(other) == executions.stage_name(execution)
    )


def _next_group(execution: Execution) -> list[dict[str, Any]]:
    """The actions of the lowest run order that have not run yet."""
    done = {run["name"] for run in executions.current_runs(execution)}
    declared = execution["declaration"]["stages"][execution["stage"]]["actions"]
    left = [action for action in declared if action["name"] not in done]
    lowest = min((action["runOrder"] for action in left), default=None)
    return [action for action in left if action["runOrder"] == lowest]
