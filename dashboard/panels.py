"""The boxes of a page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import markup


def panel(title: str, key: str | None = None) -> Any:
    """A bordered container with a title, as high as its neighbours."""
    box = st.container(border=True, height="stretch", key=key)
    box.html(markup.panel_title(title))
    return box
