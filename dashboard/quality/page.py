"""The page Quality: what silver did not take and why, how fresh the data is, what adds up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import streamlit as st

from dashboard import markup, refresh, url
from dashboard.access import Access
from dashboard.figures import count
from dashboard.panels import panel, told
from dashboard.quality import charts, facts, queries, reading
from dashboard.quality.facts import RunAccount
from dashboard.quality.reading import QUARANTINE
from dashboard.states import NothingToShowError
from pipeline import reject_reasons
from pipeline.freshness import Freshness

TABLES = ("rejected_events", "rejected_marketing")
SAMPLES = 3


def show(access: Access) -> None:
    opened = access.open((), TABLES)
    st.html(markup.header("Quality"))
    st.fragment(lambda: fresh(access), run_every=reading.FRESH_SECONDS)()
    with told():
        rejected(access, opened.cursor)
    runs(access)
    refresh.when_versions_change(access, opened.versions, *TABLES)


def fresh(access: Access) -> None:
    """Drawn anew by itself: ages grow, and deliveries arrive, without a new version of a table."""
    with told(again=False):
        st.html(freshness_cards(reading.freshness(access), datetime.now(UTC)))


def freshness_cards(found: Freshness, now: datetime) -> str:
    shown = "".join(
        f'<div class="fresh"><div class="fresh-label">{card.label}</div>'
        f'<div class="fresh-value">{escape(facts.age(card.moment, now))}</div>'
        f'<div class="quiet">{_moment(card.moment)}{escape(card.note)}</div></div>'
        for card in facts.freshness_cards(found)
    )
    return f'<div class="freshness">{shown}</div>'


def rejected(access: Access, connection: Any) -> None:
    by_run = queries.rejected_by_run(connection)
    reasons = queries.reject_reasons(connection)
    quarantined = reading.quarantined(access)
    left, right = st.columns([1, 1])
    with left, panel("Rejected by run"):
        if by_run:
            st.altair_chart(
                charts.rejected_by_run(by_run), width="stretch", alt=charts.in_words(by_run)
            )
        else:
            st.caption("No run has rejected anything.")
    with right, panel("Rejected by reason"):
        rows = [[escape(r.reason), escape(r.source), count(r.rows)] for r in reasons]
        rows.append(["not a JSON object", "quarantine", count(len(quarantined))])
        st.html(markup.table("rejects", ["Reason", "Where", "Rows"], rows))
    refresh.when(lambda: has_changed(access, quarantined))
    codes = list(dict.fromkeys(r.reason for r in reasons))
    if quarantined:
        codes.append(QUARANTINE)
    if codes:
        with panel("Samples, and what to do"):
            samples(access, connection, codes, quarantined)


def has_changed(access: Access, quarantined: list[str]) -> bool:
    """Whether bronze has other bodies in quarantine; no table has a new version then."""
    try:
        return reading.quarantined(access) != quarantined
    except NothingToShowError:
        return True  # the page says what to do about it


def samples(access: Access, connection: Any, codes: list[str], quarantined: Sequence[str]) -> None:
    shown = next(iter(url.known("reason", codes)), codes[0])
    code = st.selectbox("Reason", codes, **url.bound("reason", shown, lambda v: {"reason": v}))
    if code == QUARANTINE:
        about, keys = reject_reasons.QUARANTINED, [(key, "") for key in quarantined[:SAMPLES]]
    else:
        about = reject_reasons.reason(code)
        keys = queries.rejected_keys(connection, code, SAMPLES)
    st.html(
        f'<p class="about"><b>{escape(about.meaning)}</b> {escape(about.cure)}</p>'
        '<p class="quiet">Names, addresses and free texts are masked.</p>'
    )
    for key, run in keys:
        with st.expander(f"{key}{f' · run of {run[:19]}' if run else ''}"), told():
            body = reading.body(access, key)
            if body is None:
                st.caption("The object is not in bronze any more.")
            else:
                st.code(body, language="json", height=260)


def runs(access: Access) -> None:
    """The accounting of the last runs, and the fields that they did not know."""
    found: list[RunAccount] = []
    with panel("Accounting"), told():
        with st.spinner("Reading what the last runs have told …"):
            found = reading.run_accounts(access)
        accounting(found)
    if found:
        with panel("Unknown fields"):
            unknown_fields(facts.drift(found))


def accounting(found: Sequence[RunAccount]) -> None:
    if not found:
        st.caption("No run has ended yet: the page Pipeline starts one.")
        return
    st.caption("Of the last runs: everything that a job reads ends in exactly one place.")
    rows = [
        [escape(cell) for cell in facts.account_row(run, state)]
        for run in found
        for state in (run.closed or ("",))
    ]
    heads = ["Run, UTC", "Job", "Read", "What became of it", ""]
    st.html(markup.table("accounts", heads, rows))


def unknown_fields(found: Sequence[tuple[str, int, int, datetime]]) -> None:
    if not found:
        st.caption("None in the last runs: every field of the deliveries is known.")
        return
    st.caption(
        "Fields of deliveries that no column takes. They stay in bronze; those that matter belong"
        " into spark_jobs/lakehouse/event_columns.py."
    )
    rows = [
        [escape(field), count(number), count(times), f"{last:%-d %b, %H:%M}"]
        for field, number, times, last in found
    ]
    st.html(markup.table("drift", ["Field", "Deliveries", "Runs", "Last, UTC"], rows))


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at:%-d %b, %H:%M:%S} UTC. "
