"""The pipeline: starts the state machine and follows its latest execution."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st
from botocore.exceptions import ClientError

from dashboard import markup
from dashboard.access import Access
from dashboard.figures import duration
from dashboard.states import UNREACHABLE
from pipeline import addresses, executions
from pipeline.executions import Execution

BUTTON = "Trigger Glue Job"
SHORT = 240
RUNNING_SECONDS, IDLE_SECONDS = 1.0, 10.0


def show(access: Access) -> None:
    """Draw the panel, look again by itself, and rerun the page when a run begins or ends."""
    try:
        arn = addresses.state_machine_arn(
            access.client("cloudformation"), access.settings.resources.stack
        )
    except addresses.NotDeployedError as error:
        st.button(BUTTON, disabled=True, width="stretch")
        st.caption(f"{error}.")
        return
    states = access.client("stepfunctions")
    found = executions.latest(states, arn)
    running = found is not None and not found.ended

    def panel() -> None:
        try:
            execution = executions.latest(states, arn)
        except UNREACHABLE:
            # The page says what to do about a stack that has gone.
            st.rerun()
        is_running = execution is not None and not execution.ended
        if is_running != running:
            st.rerun()
        _draw(states, arn, execution)

    st.fragment(panel, run_every=RUNNING_SECONDS if running else IDLE_SECONDS)()


def _draw(states: Any, arn: str, execution: Execution | None) -> None:
    running = execution is not None and not execution.ended
    if st.button(BUTTON, type="primary", disabled=running, width="stretch"):
        try:
            executions.start(states, arn)
        except ClientError as error:
            st.error(f"The state machine did not start: {error}")
        else:
            st.rerun()
    if execution is None:
        st.caption("Not run yet. The button runs the whole state machine, newest code first.")
        return
    now = datetime.now(UTC)
    st.caption(_headline(execution, now))
    st.html(markup.states(execution.states, now))
    if cause := _cause(execution):
        first, *rest = cause.strip().splitlines()
        st.html(markup.cause(first if len(first) <= SHORT else f"{first[:SHORT]}…"))
        if rest or len(first) > SHORT:
            with st.expander("Whole cause"):
                st.code(cause, language=None, wrap_lines=True)


def _headline(execution: Execution, now: datetime) -> str:
    took = ((execution.stopped or now) - execution.started).total_seconds()
    words = execution.status.replace("_", " ").lower()
    return f"Run of {execution.started:%-d %b, %H:%M:%S} UTC: **{words}**, {duration(took)}"


def _cause(execution: Execution) -> str | None:
    """A failed state's own cause says more than the execution's."""
    failed = next((s.cause for s in execution.states if s.status in ("failed", "retrying")), None)
    return failed or execution.cause
