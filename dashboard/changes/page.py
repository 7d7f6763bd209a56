"""The page Changes: two versions of a gold table in words, and the deliveries that caused it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard import markup, refresh, url
from dashboard.access import Access
from dashboard.changes import reading, words
from dashboard.panels import panel, told
from dashboard.states import NothingToShowError
from pipeline import change_words, gold_history, lineage
from pipeline.change_causes import Cause, channels, of_channel
from pipeline.delta_versions import NoSuchVersionError, Version
from pipeline.gold_history import Reasons
from pipeline.names import GOLD

USUAL = "gold_cpb_by_channel"
TABLES = (USUAL, *(name for name in GOLD if name != USUAL))
NOTHING, ALL = "none", "All channels"
MOST_ROWS = 1_000


def show(access: Access) -> None:
    head = st.container()
    left, middle, right = st.columns(3)
    table = next(iter(url.known("table", TABLES)), USUAL)
    with left:
        st.selectbox("Table", TABLES, **url.bound("changes-table", table, _other_table))
    known = reading.versions(access, table)
    before, after = choose(known, middle, right)
    head.html(markup.header("Changes", f"{after.committed:%-d %b %Y, %H:%M:%S} UTC"))
    with told():
        try:
            compared(access, table, before, after)
        except NoSuchVersionError as error:
            st.html(markup.empty("A version cannot be read any more", f"{error}"))
    refresh.when(lambda: _has_news(access, table, known))


def choose(known: Sequence[Version], left: Any, right: Any) -> tuple[Version | None, Version]:
    """The versions of the URL; else the last two."""
    by_number = {str(version.number): version for version in known}
    chosen = next(iter(url.known("after", by_number)), str(known[0].number))
    older = [number for number in by_number if int(number) < int(chosen)]
    options = [*older, NOTHING]
    usual = next(iter(url.known("before", options)), options[0])

    def label(number: str) -> str:
        return words.version_label(by_number.get(number))

    with left:
        before = st.selectbox(
            "From", options, format_func=label, **url.bound("before", usual, _put("before"))
        )
    with right:
        after = st.selectbox(
            "To", list(by_number), format_func=label, **url.bound("after", chosen, _put("after"))
        )
    return by_number.get(before), by_number.get(after, known[0])


def compared(access: Access, table: str, before: Version | None, after: Version) -> None:
    changes = reading.changes(access, table, before, after)
    with panel("What changed"):
        st.caption(change_words.headline(changes))
        if not changes.is_empty:
            st.html(words.change_lines(changes))
    made = lineage.commit(table, after).run
    if made and made.execution:
        name = made.execution.rpartition(":")[2]
        st.html(markup.link("Report of the run that made it", f"reports/{name}"))
    if others := gold_history.other_code(before, after):
        st.html(markup.notice(f"Between these versions {' and '.join(others)} changed, too."))
    reasons = reading.reasons(access, before, after)
    with panel("Why"):
        touched = channels(reasons.causes, reasons.spend)
        if not touched:
            st.caption(
                "No booking and no spend in silver differs between what these versions were"
                " made from."
            )
            return
        st.html(words.reason_lines(touched, reasons))
    evidence(access, reasons, touched)


def evidence(access: Access, reasons: Reasons, touched: list[str]) -> None:
    options = [ALL, *touched]
    chosen = next(iter(url.known("channel", touched)), ALL)
    with panel("Deliveries that caused it"):
        picked = st.segmented_control(
            "Channel",
            options,
            **url.bound(
                "changes-channel",
                chosen,
                lambda v: {"channel": None if v in (None, ALL) else v, "delivery": None},
            ),
        )
        channel = None if picked in (None, ALL) else picked
        found = of_channel(reasons.causes, channel)
        if not found:
            st.caption("No delivery: the spend changed.")
        else:
            deliveries(access, found)
        more = max(0, len(found) - MOST_ROWS) + reasons.left_out
        if more:
            st.caption(f"and {more:,} more; lake diff fact_bookings lists them.")
    spend = [change for change in reasons.spend if channel in (None, change.channel)]
    if spend:
        with panel("Spend that changed"):
            st.html(words.spend_table(spend))


def deliveries(access: Access, found: Sequence[Cause]) -> None:
    """The table of deliveries; the body of the one that is picked, masked."""
    st.caption("Pick a delivery to see its body. Names and addresses are masked.")
    shown = list(found[:MOST_ROWS])
    keys = [cause.bronze_key for cause in shown]

    def picked() -> None:
        rows = st.session_state["causes"].selection.rows
        url.put({"delivery": keys[rows[0]] if rows and rows[0] < len(keys) else None})

    st.dataframe(
        [words.cause_row(cause) for cause in shown],
        hide_index=True,
        width="stretch",
        height=min(38 + 35 * len(shown), 330),
        key="causes",
        on_select=picked,
        selection_mode="single-row",
    )
    if (key := url.value("delivery")) and key in keys:
        st.caption(f"`{key}`")
        booking = urlencode({"booking": shown[keys.index(key)].invitee_id})
        st.html(markup.link("Its booking, with all deliveries", f"./?{booking}"))
        text = reading.body(access, key)
        if text is None:
            st.html(markup.notice("The object is not in bronze any more."))
        else:
            st.code(text, language="json", height=360)


def _put(name: str) -> Any:
    return lambda value: {name: value, "delivery": None}


def _other_table(table: str) -> Mapping[str, str | None]:
    # A number of one table's versions says nothing about another's.
    return {"table": None if table == USUAL else table, "before": None, "after": None}


def _has_news(access: Access, table: str, known: Sequence[Version]) -> bool:
    try:
        return reading.versions(access, table)[0] != known[0]
    except NothingToShowError:
        return True
