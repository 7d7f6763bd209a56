"""The code pipeline: brings the newest commit to the jobs, and shows its stages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st
from botocore.exceptions import ClientError

from dashboard import markup
from dashboard.access import Access
from dashboard.states import UNREACHABLE
from pipeline import code_runs
from pipeline.code_runs import CodeRun
from pipeline.durations import duration

BUTTON = "Run ETL Pipeline"
RUNNING_SECONDS, IDLE_SECONDS = 1.0, 10.0


def show(access: Access) -> None:
    """Draw the panel, and look again by itself."""
    api, name = access.client("codepipeline"), access.settings.resources.code_pipeline
    try:
        found = code_runs.latest(api, name)
    except ClientError as error:
        st.button(BUTTON, disabled=True, width="stretch")
        missing = error.response["Error"]["Code"] == "PipelineNotFoundException"
        st.caption(f"There is no pipeline {name}: run `make deploy`." if missing else str(error))
        return
    running = found is not None and not found.ended

    def panel() -> None:
        try:
            run = code_runs.latest(api, name)
        except (ClientError, *UNREACHABLE):
            # The page says what to do about a stack that has gone.
            st.rerun()
        if (run is not None and not run.ended) != running:
            st.rerun()
        _draw(api, name, run)

    st.fragment(panel, run_every=RUNNING_SECONDS if running else IDLE_SECONDS)()


def _draw(api: Any, name: str, run: CodeRun | None) -> None:
    if st.button(BUTTON, width="stretch", help="Deploys the newest commit; joins one that goes on"):
        try:
            is_new = code_runs.start_or_join(api, name)
        except ClientError as error:
            st.error(f"The code pipeline did not start: {error}")
        else:
            word = "Started a deployment" if is_new else "Joined the deployment that goes on"
            st.session_state["deployed"] = word
            st.rerun()
    if told := st.session_state.get("deployed"):
        st.html(markup.notice(told))
    if run is None:
        st.caption("Not run yet. The button deploys the newest commit to the jobs.")
        return
    now = datetime.now(UTC)
    took = ((run.updated if run.ended else now) - run.started).total_seconds()
    words = run.status.lower() if run.ended else "running"
    st.caption(f"Deployment of {run.started:%-d %b, %H:%M:%S} UTC: **{words}**, {duration(took)}")
    st.html(markup.states(run.stages, now))
    if run.cause:
        st.html(markup.cause(run.cause))
