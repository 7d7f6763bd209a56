"""dashboard/app.py behind its admission: what `streamlit run dashboard/serve.py` serves."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.file_util import get_static_dir

from dashboard import run_reports
from dashboard.admission import Admission
from dashboard.assets import OVERVIEW_PARTS, Assets
from dashboard.settings import Settings

settings = Settings.from_env()
app = st.App(
    "app.py",
    routes=[Route("/reports/{name}", run_reports.answering(settings))],
    middleware=[
        Middleware(Admission, names=settings.names),
        Middleware(Assets, folder=Path(get_static_dir()), pages={"/": OVERVIEW_PARTS}),
    ],
)
