"""The frame: the pages, the state of a page that has nothing to show, and the way out of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import markup, refresh
from dashboard.access import Access
from dashboard.changes import page as changes
from dashboard.overview import page as overview
from dashboard.quality import page as quality
from dashboard.runs import page as runs
from dashboard.settings import Settings
from dashboard.states import NothingToShowError

# Title, path, icon, and what draws the page.
PAGES: tuple[tuple[str, str, str, Callable[[Access], None]], ...] = (
    ("Overview", "overview", ":material/insights:", overview.show),
    ("Pipeline", "pipeline", ":material/account_tree:", runs.show),
    ("Changes", "changes", ":material/compare_arrows:", changes.show),
    ("Quality", "quality", ":material/fact_check:", quality.show),
)


def main() -> None:
    st.set_page_config("Local lakehouse", page_icon="📈", layout="wide")
    st.html(markup.style())
    access = Access(Settings.from_env())
    pages = [
        st.Page(
            partial(show, access, title, draw),
            title=title,
            icon=icon,
            url_path=path,
            default=draw is overview.show,
        )
        for title, path, icon, draw in PAGES
    ]
    st.navigation(pages, position="top").run()


def show(access: Access, title: str, draw: Callable[[Access], None]) -> None:
    try:
        draw(access)
    except NothingToShowError as state:
        st.html(markup.header(title))
        st.html(markup.empty(state.title, state.text, state.command))
        refresh.when(lambda: True)


main()
