"""The pages, and how to get from one to another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import markup
from dashboard.access import Access
from dashboard.changes import page as changes
from dashboard.frame import show
from dashboard.overview import page as overview
from dashboard.quality import page as quality
from dashboard.runs import page as runs
from dashboard.settings import Settings

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


main()
