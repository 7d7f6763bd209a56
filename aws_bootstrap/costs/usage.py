"""What the runs of a stack have used: seconds by state, transitions, deliveries, bytes kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any, Literal

from pipeline import executions
from pipeline.names import ResourceNames

RUNS_LOOKED_AT = 10
Kind = Literal["emr", "glue", "lambda"]
KINDS: Mapping[str, Kind] = {"emr-serverless:": "emr", "glue:": "glue", "lambda:": "lambda"}


class NothingMeasuredError(Exception):
    """There is no run to compute from; the message says what to do."""


@dataclass(frozen=True)
class Usage:
    """Means over `runs` executions of the state machine that succeeded; `seconds` by state."""

    runs: int
    seconds: Mapping[str, float]
    kinds: Mapping[str, Kind]
    transitions: float
    deliveries_a_day: tuple[float, float]
    bytes_kept: int
    bytes_a_delivery: float


def measured(states: Any, s3: Any, machine: str, names: ResourceNames) -> Usage:
    """Read from the state machine's history and the data buckets."""
    listed = states.list_executions(
        stateMachineArn=machine, statusFilter="SUCCEEDED", maxResults=RUNS_LOOKED_AT
    )["executions"]
    if not listed:
        raise NothingMeasuredError(
            "Expected a run of the pipeline to compute from, found none that succeeded: `lake run`"
        )
    histories = [executions.history(states, each["executionArn"]) for each in listed]
    sizes = {name: _sizes(s3, name) for name in names.data_buckets}
    events = {k: v for k, v in sizes[names.bronze_bucket].items() if k.startswith("events/")}
    days = Counter(key.split("/")[1] for key in events)
    return Usage(
        runs=len(histories),
        seconds=_means([state_seconds(history.events) for history in histories]),
        kinds=dict(state_kinds(histories[0].definition)),
        transitions=mean(_transitions(history.events) for history in histories),
        deliveries_a_day=(mean(days.values()), max(days.values())) if days else (0.0, 0.0),
        bytes_kept=sum(sum(found.values()) for found in sizes.values()),
        bytes_a_delivery=mean(events.values()) if events else 0.0,
    )


def state_seconds(events: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """From a state's last entry to its exit, waiting and retries included."""
    entered: dict[str, Any] = {}
    found = {}
    for event in events:
        if details := event.get("stateEnteredEventDetails"):
            entered[details["name"]] = event["timestamp"]
        elif (details := event.get("stateExitedEventDetails")) and details["name"] in entered:
            found[details["name"]] = (event["timestamp"] - entered[details["name"]]).total_seconds()
    return found


def state_kinds(definition: Mapping[str, Any]) -> Iterator[tuple[str, Kind]]:
    """What each task of a definition runs on."""
    for name, state in definition["States"].items():
        resource = str(state.get("Resource", ""))
        for part, kind in KINDS.items():
            if f":states:::{part}" in resource:
                yield name, kind
        for branch in state.get("Branches", []):
            yield from state_kinds(branch)


def _transitions(events: Sequence[Mapping[str, Any]]) -> int:
    """A start, and each state that was entered; retries of a task count as well."""
    counted = ("StateEntered", "TaskFailed", "LambdaFunctionFailed", "TaskTimedOut")
    return 1 + len([event for event in events if event["type"].endswith(counted)])


def _means(runs: list[dict[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: mean(run[name] for run in runs if name in run) for name in names}


def _sizes(s3: Any, bucket: str) -> dict[str, int]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {entry["Key"]: entry["Size"] for page in pages for entry in page.get("Contents", [])}
