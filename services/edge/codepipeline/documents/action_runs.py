"""One attempt at an action within an execution, as a plain document, and its changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.edge.codepipeline.documents import action_types, variables
from services.edge.codepipeline.errors import ActionError

Run = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How an action succeeded: artifacts as {name: {bucket, key}}, the revision of a source."""

    summary: str = ""
    external_id: str | None = None
    url: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, dict[str, str]] = field(default_factory=dict)
    revision: dict[str, Any] | None = None


def started(
    execution: dict[str, Any], stage: str, action: action_types.Action, run_id: str, now: float
) -> Run:
    """A run that goes on, or one that has failed where its variables have no value."""
    minutes = action.get("timeoutInMinutes") or action_types.type_of(action).minutes
    run = {
        "id": run_id,
        "stage": stage,
        "name": action["name"],
        "status": "InProgress",
        "started": now,
        "updated": now,
        "deadline": now + minutes * 60,
        "minutes": minutes,
        "action": action,
        "configuration": action["configuration"],
        "inputs": {
            artifact["name"]: execution["artifacts"].get(artifact["name"])
            for artifact in action["inputArtifacts"]
        },
        "outputs": {},
        "variables": {},
    }
    try:
        run["configuration"] = variables.resolved(action["configuration"], execution)
    except ActionError as error:
        return failed(run, error.code, str(error), now)
    return run


def succeeded(run: Run, outcome: Outcome, now: float) -> Run:
    return {
        **run,
        "status": "Succeeded",
        "updated": now,
        "summary": outcome.summary,
        "external_id": outcome.external_id,
        "url": outcome.url,
        "outputs": outcome.artifacts,
        "variables": outcome.variables,
        "revision": outcome.revision,
    }


def failed(run: Run, code: str, message: str, now: float) -> Run:
    error = {"code": code, "message": message[:5000]}
    return {**run, "status": "Failed", "updated": now, "error": error}


def abandoned(run: Run, now: float) -> Run:
    return {**run, "status": "Abandoned", "updated": now}


def timed_out(run: Run, now: float) -> Run:
    message = f"The action did not end within {run['minutes']} minutes and has timed out"
    return failed(run, "JobTimedOut", message, now)


def is_approval(run: Run) -> bool:
    return bool(run["action"]["actionTypeId"]["category"] == "Approval")
