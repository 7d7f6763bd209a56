"""The page Pipeline: the newest run of the state machine, and of the code's deployment."""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.access import Access
from dashboard.panels import panel
from dashboard.runs import code_panel, pipeline_panel


def show(access: Access) -> None:
    access.check()
    st.html(markup.header("Pipeline"))
    left, right = st.columns(2)
    with left, panel("Run"):
        pipeline_panel.show(access)
    with right, panel("Code"):
        code_panel.show(access)
