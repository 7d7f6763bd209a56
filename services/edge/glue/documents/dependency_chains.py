"""What one firing of a trigger sets going, as a plain document: actions, their ends, what is next.

A chain begins with a scheduled or on-demand trigger. Conditional triggers see the runs of their own
chain only: "All jobs in a dependency chain must be descendants of a single schedule or on-demand
trigger" (https://docs.aws.amazon.com/glue/latest/dg/about-triggers.html). In a workflow, the chain
is the workflow run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.edge.glue.documents.triggers import conditions

Document = dict[str, Any]
Target = tuple[str, str]

# An action is PLANNED before it is started, so that a death in between loses and doubles nothing.
GOING = ("PLANNED", "RUNNING")
UNFINISHED = ("RUNNING", "STOPPING")


def begun(chain_id: str, workflow: str | None, now: float) -> Document:
    """A chain in which nothing has fired yet."""
    return {
        "Id": chain_id,
        "WorkflowName": workflow,
        "Status": "RUNNING",
        "StartedOn": now,
        "Properties": {},
        "Triggers": [],
        "Fired": [],
        "Actions": [],
    }


def refused(chain: Document, message: str) -> Document:
    """A chain that could not begin."""
    return {**chain, "Status": "ERROR", "ErrorMessage": message, "CompletedOn": chain["StartedOn"]}


def fired(chain: Document, trigger: Document, run_ids: Iterable[str]) -> Document:
    """The chain with the trigger's actions planned, one of `run_ids` for each."""
    seen = predecessors(trigger, chain)
    planned = [
        {
            "Id": run_id,
            "TriggerName": trigger["Name"],
            "State": "PLANNED",
            "Action": action,
            "Predecessors": seen,
        }
        for run_id, action in zip(run_ids, trigger["Actions"], strict=True)
    ]
    return {
        **chain,
        "Fired": [*chain["Fired"], trigger["Name"]],
        "Actions": [*chain["Actions"], *planned],
    }


def changed(chain: Document, action_id: str, **changes: Any) -> Document:
    """The chain after something became of one action."""
    actions = [
        {**action, **changes} if action["Id"] == action_id else action
        for action in chain["Actions"]
    ]
    return {**chain, "Actions": actions}


def stopping(chain: Document, now: float) -> Document:
    """No trigger fires any more; what runs is being stopped, what was planned is not started."""
    actions = [
        {**action, "State": "STOPPED"} if action["State"] == "PLANNED" else action
        for action in chain["Actions"]
    ]
    return settled({**chain, "Status": "STOPPING", "Actions": actions}, now)


def settled(chain: Document, now: float) -> Document:
    """The chain, ended where none of its actions goes on."""
    if going(chain) or chain["Status"] not in UNFINISHED:
        return chain
    status = "STOPPED" if chain["Status"] == "STOPPING" else "COMPLETED"
    return {**chain, "Status": status, "CompletedOn": now}


def job_request(chain: Document, action: Document) -> Document:
    """What StartJobRun is asked for an action; a workflow tells the script which run it is of."""
    own = {}
    if chain["WorkflowName"]:
        own = {"--WORKFLOW_NAME": chain["WorkflowName"], "--WORKFLOW_RUN_ID": chain["Id"]}
    asked = action["Action"]
    request = {"JobName": asked["JobName"], "Arguments": {**(asked.get("Arguments") or {}), **own}}
    return {**request, "Timeout": asked["Timeout"]} if asked.get("Timeout") else request


def going(chain: Document) -> list[Document]:
    return [action for action in chain["Actions"] if action["State"] in GOING]


def ready(chain: Document, triggers: Iterable[Document]) -> list[Document]:
    """The activated conditional triggers whose time has come in this chain; each fires once."""
    if chain["Status"] != "RUNNING":
        return []
    return [
        trigger
        for trigger in triggers
        if trigger["Type"] == "CONDITIONAL"
        and trigger["State"] == "ACTIVATED"
        and trigger["Name"] not in chain["Fired"]
        and is_met(trigger["Predicate"], outcomes(chain))
    ]


def is_met(predicate: Document, ended: dict[Target, str]) -> bool:
    holds = [_holds(condition, ended) for condition in predicate["Conditions"]]
    return any(holds) if predicate.get("Logical") == "ANY" else all(holds)


def outcomes(chain: Document) -> dict[Target, str]:
    """The state in which each job and crawler of the chain ended last."""
    return {
        target(action["Action"]): action["State"]
        for action in chain["Actions"]
        if action["State"] not in GOING
    }


def predecessors(trigger: Document, chain: Document) -> list[Document]:
    """The job runs that a conditional trigger's conditions were met by, as JobRun tells them."""
    ended = outcomes(chain)
    watched = {target(condition) for condition in conditions(trigger) if _holds(condition, ended)}
    return [
        {"JobName": action["Action"]["JobName"], "RunId": action.get("RunId", action["Id"])}
        for action in chain["Actions"]
        if action["Action"].get("JobName") and target(action["Action"]) in watched
    ]


def target(entry: Document) -> Target:
    """The job or crawler that an action or a condition names."""
    if entry.get("JobName"):
        return "JOB", entry["JobName"]
    return "CRAWLER", entry["CrawlerName"]


def _holds(condition: Document, ended: dict[Target, str]) -> bool:
    wanted = condition.get("State") or condition.get("CrawlState")
    return ended.get(target(condition)) == wanted
