"""The boxes of a page: a title, what is shown, and the data and the SQL behind it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow.csv
import pyarrow.parquet
import streamlit as st

from dashboard import markup, refresh
from dashboard.query import Query
from dashboard.states import NothingToShowError


def panel(
    title: str,
    key: str | None = None,
    query: Query[Any] | None = None,
    connection: Any = None,
    actions: Callable[[], None] | None = None,
) -> Any:
    """A bordered container with a title, as high as its neighbours. With a query, its menu has the
    statement and its rows as files named by the key, which it needs then, and `actions`."""
    box = st.container(border=True, height="stretch", key=key and f"{key}_panel")
    if query is None:
        box.html(markup.panel_title(title))
        return box
    head = box.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    )
    head.html(markup.panel_title(title))
    with head:
        data_menu(title, f"{key}_data", query, connection, actions)
    return box


@contextmanager
def told(head: str = "", *, again: bool = True) -> Iterator[None]:
    """Where a part of a page has nothing to show it says why, in its own place; the rest stays.

    `head` is the HTML above it. Then the page looks `again`, which a fragment that looks by itself
    does not need.
    """
    try:
        yield
    except NothingToShowError as state:
        st.html(head + markup.empty(state.title, state.text, state.command))
        if again:
            refresh.when(lambda: True)


def data_menu(
    title: str,
    key: str,
    query: Query[Any],
    connection: Any,
    actions: Callable[[], None] | None = None,
) -> None:
    """What it holds is made when it is opened."""
    menu = st.popover("Data", type="tertiary", key=key, on_change="rerun", wrap=False)
    if not menu.open:
        return
    with menu:
        st.caption(f"The SQL behind “{title}”, for `lake sql`")
        st.code(query.text, language="sql", wrap_lines=True)
        downloads(key, query, connection)
        if actions:
            actions()


def downloads(key: str, query: Query[Any], connection: Any) -> None:
    """The rows of the query as CSV and Parquet, made when they are asked for."""
    name = key.removesuffix("_data").replace("_", "-")
    with st.container(horizontal=True):
        for ending, mime, write in (
            ("csv", "text/csv", _csv),
            ("parquet", "application/vnd.apache.parquet", _parquet),
        ):
            st.download_button(
                "CSV" if ending == "csv" else "Parquet",
                _file(query, connection, write),
                f"{name}.{ending}",
                mime,
                key=f"{key}_{ending}",
                icon=":material/download:",
                on_click="ignore",
            )


def _file(
    query: Query[Any], connection: Any, write: Callable[[Any, io.BytesIO], None]
) -> Callable[[], bytes]:
    def made() -> bytes:
        file = io.BytesIO()
        # It runs on a thread of its own, beside the page.
        write(query.table(connection.cursor()), file)
        return file.getvalue()

    return made


def _csv(rows: Any, file: io.BytesIO) -> None:
    pyarrow.csv.write_csv(rows, file)


def _parquet(rows: Any, file: io.BytesIO) -> None:
    pyarrow.parquet.write_table(rows, file)
