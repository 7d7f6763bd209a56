"""The code pipeline: brings the newest commit to the jobs, and shows its stages."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard import markup, refresh, url
from dashboard.access import Access
from dashboard.states import NothingToShowError
from pipeline import code_runs
from pipeline.code_runs import CodeRun
from pipeline.durations import duration

BUTTON = "Run ETL Pipeline"
RUNNING_SECONDS, IDLE_SECONDS = 1.0, 10.0


def show(access: Access) -> None:
    """Draw the panel, and look again by itself."""
    name = access.settings.resources.code_pipeline
    try:
        found = access.asked(lambda: _latest(access, name))
    except (code_runs.NoSuchPipelineError, NothingToShowError) as error:
        st.button(BUTTON, disabled=True, width="stretch")
        if isinstance(error, NothingToShowError):
            raise
        st.caption(f"There is no pipeline {name}: run `make deploy`.")
        return
    running = found is not None and not found.ended

    shown = url.state()

    def panel() -> None:
        try:
            run = access.asked(lambda: _latest(access, name))
        except (code_runs.NoSuchPipelineError, NothingToShowError):
            refresh.rerun(shown)  # the page says what to do about it
            return
        if (run is not None and not run.ended) != running:
            refresh.rerun(shown)
        _draw(access, name, run)

    st.fragment(panel, run_every=RUNNING_SECONDS if running else IDLE_SECONDS)()


def _latest(access: Access, name: str) -> CodeRun | None:
    return code_runs.latest(access.client("codepipeline"), name)


def _draw(access: Access, name: str, run: CodeRun | None) -> None:
    if st.button(BUTTON, width="stretch", help="Deploys the newest commit; joins one that goes on"):
        try:
            is_new = access.asked(
                lambda: code_runs.start_or_join(access.client("codepipeline"), name)
            )
        except NothingToShowError as state:
            st.error(f"The code pipeline did not start. {state}")
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
