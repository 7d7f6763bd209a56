"""dashboard/app.py behind its admission: what `streamlit run dashboard/serve.py` serves."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from dashboard.admission import Admission
from dashboard.settings import Settings

app = st.App("app.py", middleware=[Middleware(Admission, names=Settings.from_env().names)])
