"""A workflow's graph and a run's statistics, drawn from its triggers and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from services.edge.glue.documents.dependency_chains import Target, target
from services.edge.glue.documents.job_documents import JobRun
from services.edge.glue.documents.triggers import conditions

Document = dict[str, Any]
LastAttempt = Callable[[Document], JobRun | None]

COUNTED = {
    "SUCCEEDED": "SucceededActions",
    "FAILED": "FailedActions",
    "TIMEOUT": "TimeoutActions",
    "STOPPED": "StoppedActions",
    "CANCELLED": "StoppedActions",  # as a stopped crawl is called
    "ERROR": "ErroredActions",
    "RUNNING": "RunningActions",
    "PLANNED": "WaitingActions",
}


def graph(workflow: str, triggers: list[Document]) -> Document:
    """Triggers, the jobs and crawlers that they name, and what starts what."""
    nodes: dict[Target, Document] = {}
    edges: list[Document] = []
    for trigger in triggers:
        name = trigger["Name"]
        shown = {key: value for key, value in trigger.items() if not key.startswith("_")}
        nodes["TRIGGER", name] = {"TriggerDetails": {"Trigger": shown}}
        for watched in map(target, conditions(trigger)):
            nodes.setdefault(watched, {})
            edges.append(_edge(workflow, watched, ("TRIGGER", name)))
        for started in map(target, trigger["Actions"]):
            nodes.setdefault(started, {})
            edges.append(_edge(workflow, ("TRIGGER", name), started))
    drawn = [_node(workflow, node_key, details) for node_key, details in nodes.items()]
    return {"Nodes": drawn, "Edges": edges}


def with_runs(drawn: Document, chain: Document, last_attempt: LastAttempt) -> Document:
    """The graph with the job runs and crawls of one workflow run."""
    nodes = [_with_runs(node, chain, last_attempt) for node in drawn["Nodes"]]
    return {**drawn, "Nodes": nodes}


def statistics(chain: Document) -> dict[str, int]:
    """How many actions the workflow had when the run began, and what became of those started."""
    counts = dict.fromkeys(COUNTED.values(), 0)
    for action in chain["Actions"]:
        counts[COUNTED[action["State"]]] += 1
    return {"TotalActions": sum(len(trigger["Actions"]) for trigger in chain["Triggers"]), **counts}


def _with_runs(node: Document, chain: Document, last_attempt: LastAttempt) -> Document:
    node_key = (node["Type"], node["Name"])
    started = [action for action in chain["Actions"] if target(action["Action"]) == node_key]
    if node["Type"] == "JOB":
        return {
            **node,
            "JobDetails": {"JobRuns": [_job_run(action, last_attempt) for action in started]},
        }
    if node["Type"] == "CRAWLER":
        return {**node, "CrawlerDetails": {"Crawls": [_crawl(action) for action in started]}}
    return node


def _job_run(action: Document, last_attempt: LastAttempt) -> Document:
    """The run; of an action that could not start, or whose job is gone, what is known."""
    if run := last_attempt(action):
        return {name: value for name, value in run.items() if not name.startswith("_")}
    known = {"JobRunState": "STARTING" if action["State"] == "PLANNED" else action["State"]}
    if "ErrorMessage" in action:
        known["ErrorMessage"] = action["ErrorMessage"]
    return {
        "JobName": action["Action"]["JobName"],
        "TriggerName": action["TriggerName"],
        **known,
    }


def _crawl(action: Document) -> Document:
    if "Crawl" in action:
        return dict(action["Crawl"])
    if action["State"] == "ERROR":
        return {"State": "ERROR", "ErrorMessage": action["ErrorMessage"]}
    return {"State": "RUNNING"}


def _node(workflow: str, node_key: Target, details: Document) -> Document:
    return {
        "Type": node_key[0],
        "Name": node_key[1],
        "UniqueId": node_id(workflow, node_key),
        **details,
    }


def _edge(workflow: str, source: Target, destination: Target) -> Document:
    return {
        "SourceId": node_id(workflow, source),
        "DestinationId": node_id(workflow, destination),
    }


def node_id(workflow: str, node_key: Target) -> str:
    """The same at every reading, as AWS's are."""
    return "wnode_" + sha256("\n".join((workflow, *node_key)).encode()).hexdigest()
