"""Whether names and addresses are shown: asked for by each person, never by a link."""

from __future__ import annotations

import streamlit as st

_SHOWN = "names_shown"


def is_masked() -> bool:
    return not st.session_state.get(_SHOWN, False)


def toggle(key: str) -> None:
    """The switch; a page and a dialog on it may each have one."""
    if st.session_state.get(key) is is_masked():
        st.session_state[key] = not is_masked()
    st.session_state.setdefault(key, not is_masked())

    def remember() -> None:
        st.session_state[_SHOWN] = st.session_state[key]

    st.toggle(
        "Show names",
        key=key,
        on_change=remember,
        help="Names and addresses are masked until you ask for them. A shared link shows none.",
    )
