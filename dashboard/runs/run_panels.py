"""One run on the page: its graph, what each job did, why it failed, what it printed."""

from __future__ import annotations

from datetime import datetime
from html import escape

import streamlit as st

from dashboard import markup, url
from dashboard.access import Access
from dashboard.figures import DASH
from dashboard.runs import reading
from pipeline import state_drawing
from pipeline.durations import duration
from pipeline.executions import Execution
from pipeline.job_accounts import account_words, outcome_words
from pipeline.pipeline_run import PipelineRun
from pipeline.state_drawing import Shown

LINES_SHOWN, SHORT = 200, 12
STREAMS = {"output": "stdout", "errors": "stderr"}


def headline(execution: Execution, now: datetime) -> str:
    words = execution.status.replace("_", " ").lower()
    took = duration(execution.seconds(now))
    return f"{execution.started:%-d %b, %H:%M:%S} UTC · {words} · {took}"


def graph(run: PipelineRun, now: datetime) -> None:
    progress = {state.name: state for state in run.execution.states}
    notes = {name: account_words(account) for name, account in run.accounts.items()}
    st.html(state_drawing.drawing(run.graph, Shown(progress, notes, now)))


def failure(run: PipelineRun) -> None:
    """Why it failed, with the lines that matter; nothing where it did not."""
    found = run.failure
    if found is None:
        retrying = next((s for s in run.execution.states if s.status == "retrying"), None)
        if retrying and retrying.cause:
            st.html(markup.cause(f"{retrying.name} is tried again: {retrying.cause}"))
        return
    where = f"Failed in {found.state}" if found.state else "Failed"
    first, _, rest = found.cause.strip().partition("\n")
    st.html(markup.cause(f"{where}. {first}"))
    lines = "\n".join(found.lines) or rest
    if lines:
        st.caption("The lines of its log that matter" if found.lines else "The rest of its cause")
        st.code(lines, language=None, wrap_lines=True)


def jobs(run: PipelineRun, now: datetime) -> None:
    """A row for each state: how long, how much in, what became of it, and whether that adds up."""
    rows = []
    for state in run.execution.states:
        account = run.accounts.get(state.name)
        read = f"{account.read:,} {account.unit}" if account and account.read is not None else DASH
        told = outcome_words(account) if account else ""
        adds_up = {True: "✓ adds up", False: "✕ does not add up"}
        balance = adds_up.get(account.balances) if account and account.balances is not None else ""
        rows.append(
            [
                escape(state.name),
                duration(state.seconds(now)) or DASH,
                escape(read),
                f'{escape(told) or DASH}<br><span class="quiet">{balance}</span>'
                if balance
                else escape(told) or DASH,
            ]
        )
    st.html(markup.table("jobs", ["State", "Took", "In", "Out"], rows))


def log(access: Access, run: PipelineRun) -> None:
    """What a state's task has printed, the newest lines last."""
    names = [s.name for s in run.execution.states if s.name in run.tasks]
    if not names:
        st.caption("Jobs and functions print a log; this run has started none.")
        return
    failed = run.failure.state if run.failure else None
    usual = failed if failed in names else names[-1]
    left, middle, right = st.columns([2, 1, 2])
    state = (url.known("log", names) or [usual])[0]
    with left:
        chosen = st.selectbox("State", names, **url.bound("log", state, lambda v: {"log": v}))
    usual_stream = "errors" if chosen == failed else "output"
    stream = (url.known("stream", STREAMS) or [usual_stream])[0]
    with middle:
        kind = st.segmented_control(
            "Stream", list(STREAMS), **url.bound("stream", stream, lambda v: {"stream": v})
        )
    with right:
        find = st.text_input(
            "Lines with",
            placeholder="Any text",
            **url.bound("find", url.value("find") or "", lambda v: {"find": v or None}),
        )
    task = run.tasks[chosen]
    place = task.errors if kind == "errors" else task.output
    found = reading.log_lines(access, place, STREAMS[kind or "output"])
    lines = [line for line in found if not find or find.lower() in line.lower()]
    if lines:
        text, is_long = "\n".join(lines[-LINES_SHOWN:]), len(lines) > SHORT
        st.code(text, language=None, wrap_lines=True, height=320 if is_long else "content")
        st.caption(
            f"{min(len(lines), LINES_SHOWN):,} of the last {len(found):,} lines, {place.group}"
        )
    elif found:
        st.caption(f"None of the last {len(found):,} lines has “{find}”.")
    else:
        st.caption(f"Nothing is printed there: {place.group} has no lines of this run.")
