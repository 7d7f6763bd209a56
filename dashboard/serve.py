"""dashboard/app.py behind its admission: what `streamlit run dashboard/serve.py` serves."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from dashboard import run_reports
from dashboard.admission import Admission
from dashboard.settings import Settings

settings = Settings.from_env()
app = st.App(
    "app.py",
    routes=[Route("/reports/{name}", run_reports.answering(settings))],
    middleware=[Middleware(Admission, names=settings.names)],
)
