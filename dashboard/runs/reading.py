"""Executions and their logs, kept as long as they cannot change."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import streamlit as st
from botocore.exceptions import ClientError

from dashboard import states
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
Result = TypeVar("Result")


def machine_arn(access: Access) -> str:
    """Raises NotDeployedError, NothingToShowError."""
    stack = access.settings.resources.stack
    return asked(
        access, lambda: addresses.state_machine_arn(access.client("cloudformation"), stack)
    )


def recent(access: Access, arn: str) -> list[Execution]:
    return asked(access, lambda: executions.recent(access.client("stepfunctions"), arn, MOST_RUNS))


def run(access: Access, execution: Execution) -> PipelineRun:
    """The execution with all that is known of it now."""
    settled = execution.stopped and datetime.now(UTC) - execution.stopped > LATE
    if not execution.ended:
        return asked(access, lambda: _read(access, execution.arn))
    return asked(access, lambda: _ended(access, execution.arn, 0 if settled else _look()))


def log_lines(access: Access, place: Place, first: str) -> list[str]:
    """The last lines of a task's output; none where it has written none."""
    try:
        return asked(access, lambda: _lines(access, place, first, _look()))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return []


def asked(access: Access, call: Callable[[], Result]) -> Result:
    """The answer; raises NothingToShowError where there is nobody to answer."""
    try:
        return call()
    except Exception as error:
        names = access.settings
        raise states.of_failed_call(
            error, names.endpoint_url, names.resources.gold_bucket
        ) from error


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
    return task_output.lines(_access.client("logs"), place, first)


def _look() -> int:
    return int(time.time() // LOOK_SECONDS)
