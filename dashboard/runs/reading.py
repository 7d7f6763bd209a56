"""Executions and their logs, kept as long as they cannot change."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import streamlit as st
from botocore.exceptions import ClientError

from dashboard.access import Access
from pipeline import addresses, executions, failures, pipeline_run, task_output
from pipeline.executions import Execution
from pipeline.job_accounts import Account
from pipeline.pipeline_run import PipelineRun
from pipeline.task_logs import Place

MOST_RUNS = 60
# A log is delivered after its job has ended; until then what is missing is looked for again.
LATE = timedelta(minutes=5)
LOOK_SECONDS = 5


def machine_arn(access: Access) -> str:
    """Raises NotDeployedError, NothingToShowError."""
    stack = access.settings.resources.stack
    return access.asked(lambda: addresses.state_machine_arn(access.client("cloudformation"), stack))


def recent(access: Access, arn: str) -> list[Execution]:
    return access.asked(lambda: executions.recent(access.client("stepfunctions"), arn, MOST_RUNS))


def run(access: Access, execution: Execution) -> PipelineRun:
    """The execution with all that is known of it now."""
    settled = execution.stopped and datetime.now(UTC) - execution.stopped > LATE
    if not execution.ended:
        return access.asked(lambda: _read(access, execution.arn))
    return access.asked(lambda: _ended(access, execution.arn, 0 if settled else _look()))


def log_lines(access: Access, place: Place, first: str) -> list[str]:
    """The last lines of a task's output; none where it has written none."""
    return access.asked(lambda: _lines(access, place, first, _look()))


@st.cache_resource(max_entries=200, show_spinner=False)
def _ended(_access: Access, arn: str, look: int) -> PipelineRun:  # noqa: ARG001
    return _read(_access, arn)


def _read(access: Access, arn: str) -> PipelineRun:
    logs = access.client("logs")
    return pipeline_run.of_history(
        executions.history(access.client("stepfunctions"), arn),
        lambda place: _account(access, place, _look()),
        lambda told: failures.of_history(logs, told),
    )


@st.cache_resource(max_entries=500, show_spinner=False)
def _account(_access: Access, place: Place, look: int) -> Account | None:  # noqa: ARG001
    return pipeline_run.printed_account(_access.client("logs"), place)


@st.cache_data(max_entries=50, show_spinner=False)
def _lines(_access: Access, place: Place, first: str, look: int) -> list[str]:  # noqa: ARG001
    try:
        return task_output.lines(_access.client("logs"), place, first)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return []


def _look() -> int:
    return int(time.time() // LOOK_SECONDS)
