"""The page Pipeline: the state machine's runs, one of them whole, and the code's deployment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard import markup, refresh, states, url
from dashboard.access import Access
from dashboard.panels import panel, told
from dashboard.runs import charts, code_panel, reading, run_panels
from dashboard.states import NothingToShowError
from pipeline import executions, state_drawing
from pipeline.addresses import NotDeployedError
from pipeline.executions import Execution

BUTTON = "Trigger Glue Job"
NEWEST = "Newest run"
RUNNING_SECONDS, IDLE_SECONDS = 1.0, 10.0


def show(access: Access) -> None:
    access.check()
    st.html(f"<style>{state_drawing.style()}</style>{markup.header('Pipeline')}")
    with told():
        try:
            arn = reading.machine_arn(access)
        except NotDeployedError as error:
            buttons(access, None)
            names = access.settings
            raise states.no_stack(names.resources.stack, names.endpoint_url) from error
        buttons(access, arn)
        follow(access, arn)


def buttons(access: Access, arn: str | None) -> None:
    left, right = st.columns(2)
    with left, panel("Data"):
        start_button(access, arn)
    with right, panel("Code"), told():
        code_panel.show(access)


def start_button(access: Access, arn: str | None) -> None:
    pressed = st.button(BUTTON, type="primary", disabled=arn is None, width="stretch")
    st.caption(
        "Runs the whole state machine: newest code, spend to bronze, bronze to silver, silver to"
        " gold. Pressed while a run goes on, it joins that run."
    )
    if not pressed or arn is None:
        if told := st.session_state.get("pressed"):
            st.html(markup.notice(f"{told}: see below"))
        return
    try:
        _, is_new = access.asked(
            lambda: executions.start_or_join(access.client("stepfunctions"), arn)
        )
    except NothingToShowError as state:
        st.error(f"The state machine did not start. {state}")
        return
    st.session_state["pressed"] = "Started a run" if is_new else "Joined the run that goes on"
    url.put({"execution": None, "log": None, "stream": None})
    st.rerun()


def follow(access: Access, arn: str) -> None:
    """Draw the runs, look again by themselves, and rerun the page when one begins or ends."""
    going = [run.name for run in reading.recent(access, arn) if not run.ended]
    shown = url.state()

    def look() -> None:
        with told(again=False):
            runs = reading.recent(access, arn)
            if [run.name for run in runs if not run.ended] != going:
                refresh.rerun(shown)
            draw(access, runs)

    st.fragment(look, run_every=RUNNING_SECONDS if going else IDLE_SECONDS)()


def draw(access: Access, runs: list[Execution]) -> None:
    if not runs:
        raise states.not_run(access.settings.endpoint_url)
    now = datetime.now(UTC)
    chosen = choose(runs, now)
    run = reading.run(access, chosen)
    run_panels.failure(run)
    left, right = st.columns([4, 5])
    with left, panel("Graph"):
        run_panels.graph(run, now)
    with right, panel("Jobs"):
        run_panels.jobs(run, now)
        st.html(report_link(run.execution))
    with panel("Log"), told(again=False):
        run_panels.log(access, run)


def choose(runs: list[Execution], now: datetime) -> Execution:
    """The run that the URL names, else the newest."""
    by_name = {run.name: run for run in runs}
    named = next(iter(url.known("execution", by_name)), NEWEST)
    with panel("Runs"):
        left, right = st.columns([2, 3])
        with left:
            options = [NEWEST, *by_name]
            picked = st.selectbox(
                "Run",
                options,
                format_func=lambda name: (
                    name if name == NEWEST else run_panels.headline(by_name[name], now)
                ),
                **url.bound("execution", named, _picked),
            )
            chosen = by_name.get(picked, runs[0])
            st.caption(run_panels.headline(chosen, now))
            st.caption(f"`{chosen.name}`")
        with right:
            st.altair_chart(
                charts.durations(runs, chosen.name, now),
                width="stretch",
                key="durations",
                on_select=_clicked,
                alt=charts.durations_in_words(runs, now),
            )
    return chosen


def _picked(name: str) -> dict[str, Any]:
    return {"execution": None if name == NEWEST else name, "log": None, "stream": None}


def _clicked() -> None:
    found = st.session_state["durations"].selection.get(charts.PICK) or []
    if found:
        url.put(_picked(str(found[0]["name"])))


def report_link(execution: Execution) -> str:
    return (
        f'<p class="report-link"><a href="reports/{execution.name}" target="_blank">'
        "Run report</a> · states, rows, what changed in gold, on one page to keep</p>"
    )
