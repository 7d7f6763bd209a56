"""Executions of the state machine: a first load, nothing new, a daily increment; gold by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measures import Measure, at_most
from lake.settings import ROOT
from tests.support.stack import Stack, started_stack

NOTHING_NEW, INCREMENTS, INCREMENT = 3, 3, 250
LONGEST_EXECUTION = 3600.0
COMPUTED = ("project6-silver-bucket", "project6-gold-bucket")


def measured(folder: Path) -> Iterator[Measure]:
    with started_stack(folder / "lake") as stack:
        stack.lake("deploy")
        stack.lake("replay", "--json")
        yield Measure("first load, after a start", "s", [execution(stack)], at_most(40))
        changed = gold_seconds(stack)
        idle = [execution(stack) for _ in range(NOTHING_NEW)]
        yield Measure("execution, nothing new", "s", idle, at_most(8))
        yield Measure("gold at seed size by the EMR API, changed", "s", [changed], at_most(8))
        unchanged = gold_seconds(stack)
        yield Measure("gold by the EMR API, unchanged", "s", [unchanged], at_most(1.5))
        before = stack.gold()
        forget(stack)
        again = execution(stack)
        if stack.gold() != before:
            raise RuntimeError("expected the gold of before, found another one")
        yield Measure("first load, in a stack that has run", "s", [again], at_most(20))
        grown = []
        for number in range(INCREMENTS):
            sample = generated(folder / f"day-{number}", INCREMENT, seed=100 + number)
            stack.lake("replay", "--json", "--folder", str(sample))
            grown.append(execution(stack))
        yield Measure(f"an increment of {INCREMENT} deliveries", "s", grown, at_most(12))


def execution(stack: Stack) -> float:
    """Seconds, as the execution's own start and end tell them."""
    told = stack.lake("run", "--json", seconds=LONGEST_EXECUTION)
    return float(json.loads(told)["seconds"])


def gold_seconds(stack: Stack) -> float:
    """Of the last run of the gold job, from StartJobRun to its end."""
    emr = stack.client("emr-serverless")
    runs: list[Any] = []
    for application in emr.list_applications()["applications"]:
        found = emr.list_job_runs(applicationId=application["id"])["jobRuns"]
        runs += [run for run in found if run["name"].endswith("gold")]
    last = max(runs, key=lambda run: run["createdAt"])
    return float((last["updatedAt"] - last["createdAt"]).total_seconds())


def forget(stack: Stack) -> None:
    """Silver and gold as if there had been none; bronze stays."""
    s3 = stack.client("s3")
    for bucket in COMPUTED:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if found:
                names = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
                s3.delete_objects(Bucket=bucket, Delete={"Objects": names, "Quiet": True})


def generated(folder: Path, count: int, seed: int) -> Path:
    """A sample of one day with that many deliveries."""
    command = [sys.executable, "-m", "sample_data", "--days", "1", "--per-day", str(count)]
    subprocess.run(
        [*command, "--seed", str(seed), "--output", str(folder)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder
