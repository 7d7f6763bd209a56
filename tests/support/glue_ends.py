"""Ends of Glue jobs and workflow runs, waited for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

BUCKET = "workflow-scripts"
WELL = "import sys; print(*sys.argv[1:])"
FAILS = "raise SystemExit(3)"
SLEEPS = "import time; time.sleep(60)"


def until(condition: Callable[[], Any], seconds: float = 45) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.1)
    return found


def job_runs(glue: Any, job: str) -> list[dict[str, Any]]:
    return glue.get_job_runs(JobName=job)["JobRuns"]


def job_ended(glue: Any, job: str, state: str = "SUCCEEDED") -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        return next((run for run in job_runs(glue, job) if run["JobRunState"] == state), None)

    return until(ended)


def run_ended(glue: Any, workflow: str, run: str, status: str = "COMPLETED") -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        found = glue.get_workflow_run(Name=workflow, RunId=run, IncludeGraph=True)["Run"]
        return found if found["Status"] == status else None

    return until(ended)
