"""An open page looks again by itself: for new versions of its tables, or for the stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard import url
from dashboard.access import Access
from dashboard.data import Version
from dashboard.states import NothingToShowError

SECONDS = 4.0


def when(changed: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Rerun the page once something has changed. Only this looks: the page's own elements stay,
    and a click made meanwhile is part of the rerun."""
    first, shown = iter([True]), url.state()

    def look() -> None:
        if not next(first, False) and changed():
            rerun(shown)

    st.fragment(look, run_every=seconds)()


def rerun(shown: url.State) -> None:
    """Rerun the page, from a fragment of one that shows this state.

    Not where the browser has asked for the fragment with another state: it did so before it knew
    what the last click made of the URL. A rerun would take the old URL for the page's, and the
    click would be lost; the next look is soon.
    """
    if url.state() == shown:
        st.rerun()


def when_versions_change(access: Access, shown: Mapping[str, Version], *names: str) -> None:
    """`shown` are the versions of the named tables on the page."""

    def changed() -> bool:
        try:
            return access.versions(names) != dict(shown)
        except NothingToShowError:
            return True  # the page says what to do about it

    when(changed)
