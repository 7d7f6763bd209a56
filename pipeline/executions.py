"""The state machine's executions: started, listed, and read with the progress of their states."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pipeline.state_graph import graph, state_names
from pipeline.state_progress import StateProgress, progress, readable_cause

ENDED = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})


@dataclass(frozen=True)
class History:
    """What Step Functions tells of an execution: DescribeExecution, the definition that it runs
    by, and its events, oldest first."""

    described: dict[str, Any]
    definition: dict[str, Any]
    events: list[dict[str, Any]]


@dataclass(frozen=True)
class Execution:
    """`cause` says why a failed execution failed."""

    arn: str
    status: str
    started: datetime
    stopped: datetime | None
    states: list[StateProgress] = field(default_factory=list)
    cause: str | None = None

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def name(self) -> str:
        return self.arn.rpartition(":")[2]

    def seconds(self, now: datetime) -> float:
        return ((self.stopped or now) - self.started).total_seconds()


def start(states: Any, machine_arn: str, document: dict[str, Any] | None = None) -> str:
    """Start an execution with the document as its input and return its ARN."""
    text = json.dumps(document or {})
    return str(states.start_execution(stateMachineArn=machine_arn, input=text)["executionArn"])


def start_or_join(states: Any, machine_arn: str) -> tuple[str, bool]:
    """The ARN of the execution that goes on, or else of a new one; whether it is new."""
    running = states.list_executions(
        stateMachineArn=machine_arn, statusFilter="RUNNING", maxResults=1
    )["executions"]
    return (running[0]["executionArn"], False) if running else (start(states, machine_arn), True)


def latest(states: Any, machine_arn: str) -> Execution | None:
    """The execution that was started last, by whomever, or None before the first."""
    found = states.list_executions(stateMachineArn=machine_arn, maxResults=100)["executions"]
    if not found:
        return None
    return execution(states, max(found, key=lambda e: e["startDate"])["executionArn"])


def recent(states: Any, machine_arn: str, most: int = 100) -> list[Execution]:
    """The executions that were started last, newest first, without their states."""
    pages = states.get_paginator("list_executions").paginate(
        stateMachineArn=machine_arn, PaginationConfig={"MaxItems": most}
    )
    found = [_told(summary) for page in pages for summary in page["executions"]]
    return sorted(found, key=lambda execution: execution.started, reverse=True)


def execution(states: Any, arn: str) -> Execution:
    return of_history(history(states, arn))


def history(states: Any, arn: str) -> History:
    described = states.describe_execution(executionArn=arn)
    machine = states.describe_state_machine_for_execution(executionArn=arn)
    pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    events = [event for page in pages for event in page["events"]]
    return History(described, json.loads(machine["definition"]), events)


def of_history(found: History) -> Execution:
    told = _told(found.described)
    return replace(
        told,
        states=progress(state_names(graph(found.definition)), found.events, ended=told.ended),
        cause=execution_cause(found.described) if told.ended else None,
    )


def _told(document: dict[str, Any]) -> Execution:
    """What DescribeExecution and ListExecutions both tell."""
    stopped = document.get("stopDate")
    return Execution(
        arn=document["executionArn"],
        status=document["status"],
        started=document["startDate"].astimezone(UTC),
        stopped=stopped.astimezone(UTC) if stopped else None,
    )


def execution_cause(described: dict[str, Any]) -> str | None:
    if described["status"] == "SUCCEEDED":
        return None
    return readable_cause(described.get("error"), described.get("cause"))
