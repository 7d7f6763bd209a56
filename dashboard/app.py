"""The page's layout: data and queries in, KPI cards and charts on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import streamlit as st

from dashboard import cards, charts, code_panel, data, figures, pipeline_panel, queries, selection
from dashboard.clients import make_client
from dashboard.queries import Filters
from dashboard.settings import Settings

WAIT_SECONDS = 4.0
cached_client = st.cache_resource(show_spinner=False)(make_client)


@st.cache_resource(max_entries=50, show_spinner=False)
def cached_read(settings: Settings, version: data.Version) -> tuple[pa.Table, datetime]:
    """A version of a table never changes, so what was read of it is kept."""
    return data.read(settings, version)


def main() -> None:
    st.set_page_config("Bookings and spend", page_icon=":material/insights:", layout="wide")
    st.html(cards.style())
    settings = Settings.from_env()
    try:
        quarantined = data.quarantined(cached_client("s3", settings), settings)
        versions = data.current_versions(settings)
    except data.StackDownError:
        no_data(
            "The stack is not running",
            f"Nothing answers at {settings.endpoint_url}. Start it; this page waits for it:",
            "make up",
        )
        look_again()
    except data.NotDeployedError as error:
        no_data("Nothing is deployed yet", f"There is no bucket {error}. Deploy:", "make deploy")
        look_again()
    except data.MissingTablesError as error:
        follow_pipeline(settings, {})
        no_data(
            "No tables yet",
            f"The pipeline has not written {error}. Send webhooks, then run the pipeline:",
            "make replay\nmake run",
        )
    else:
        page(settings, versions, quarantined)


def no_data(title: str, text: str, command: str | None = None) -> None:
    st.html(cards.header(None))
    st.html(cards.empty(title, text, command))


def look_again() -> None:
    """Rerun the page in a few seconds, as long as it is open."""
    first = iter([True])

    def rerun() -> None:
        if not next(first, False):
            st.rerun()

    st.fragment(rerun, run_every=WAIT_SECONDS)()


def follow_pipeline(settings: Settings, versions: dict[str, data.Version]) -> None:
    def data_changed() -> bool:
        try:
            return data.current_versions(settings) != versions
        except data.MissingTablesError:
            return bool(versions)

    with st.sidebar:
        pipeline_panel.show(settings, cached_client, data_changed)
        code_panel.show(settings, cached_client)


def page(settings: Settings, versions: dict[str, data.Version], quarantined: int) -> None:
    tables = {name: cached_read(settings, version) for name, version in versions.items()}
    connection = data.connect({name: rows for name, (rows, _) in tables.items()})
    bounds = queries.date_bounds(connection)
    filters = None
    if bounds is not None:
        with st.sidebar:
            st.header("Filters")
            filters = selection.choose(connection, bounds)
    follow_pipeline(settings, versions)
    st.html(cards.header(data.as_of({name: committed for name, (_, committed) in tables.items()})))
    if bounds is None:
        st.html(cards.empty("The tables are empty", "There are no bookings and no spend yet."))
    elif filters is None:
        st.html(cards.empty("One more date", "Choose the last day of the range too."))
    else:
        numbers(connection, filters)
    left, right = st.columns([5, 3])
    with left, panel("Meetings per member"):
        meeting_load(connection, filters)
    with right, panel("Rejected and quarantined"):
        st.caption("Of all days, whatever the filters.")
        st.html(cards.rejects(queries.reject_reasons(connection), quarantined))


def numbers(connection: Any, filters: Filters) -> None:
    totals = queries.channel_totals(connection, filters)
    palette = charts.colours(queries.channels(connection))
    summary = figures.summary(totals)
    st.html(cards.kpi_row(summary, palette))
    if wasted := figures.spend_without_bookings(totals):
        st.html(cards.warning(wasted))
    daily = queries.daily_bookings(connection, filters)
    left, right = st.columns([5, 3])
    with left, panel("Daily bookings by channel"):
        chart_or_note(daily and charts.daily_bookings(daily, palette), "No bookings on these days.")
    with right, panel("Cost per booking"):
        known = summary.spend is not None
        chart_or_note(
            charts.cost_per_booking(totals, palette) if known else None,
            "Spend is recorded by channel and day, not by employee.",
        )
    left, right = st.columns([6, 5])
    with left, panel("Attribution"):
        st.html(cards.attribution(totals, palette))
    with right, panel("Bookings by hour and weekday"):
        hours = queries.hours_by_weekday(connection, filters)
        chart_or_note(hours and charts.hour_by_weekday(hours), "No bookings on these days.")


def meeting_load(connection: Any, filters: Filters | None) -> None:
    load = queries.meeting_load(connection, filters) if filters else []
    if len(load) > charts.TOP:
        st.caption(f"The {charts.TOP} with the most, of {len(load)}; canceled meetings left out.")
    chart_or_note(load and charts.meeting_load(load), "No meetings on these days.")


def panel(title: str) -> Any:
    box = st.container(border=True, height="stretch")
    box.html(f'<span class="panel-title">{title}</span>')
    return box


def chart_or_note(chart: Any, note: str) -> None:
    if chart:
        st.altair_chart(chart, width="stretch")
    else:
        st.caption(note)


main()
