"""The state of a page's controls is its URL: each change is a step of the browser's history.

Streamlit's own `bind="query-params"` replaces the address instead of adding a step, so that "back"
leaves the page, and forgets the parameter of a control that is not drawn for a moment (ADR 0019).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import streamlit as st

State = dict[str, list[str]]


def state() -> State:
    """All parameters with their values, as the browser knew them when it asked for this run, or as
    this run has put them."""
    return {name: values(name) for name in st.query_params}


def values(name: str) -> list[str]:
    """All values of the parameter, in order; none where it is not in the URL."""
    return list(st.query_params.get_all(name))


def value(name: str) -> str | None:
    found = values(name)
    return found[-1] if found else None


def known(name: str, options: Iterable[str]) -> list[str]:
    """The values that are among the options, in the options' order, each once."""
    found = set(values(name))
    return [option for option in options if option in found]


def day_of(text: str | None) -> date | None:
    """The day of an ISO date; None for any other text."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def put(changes: Mapping[str, str | list[str] | None]) -> None:
    """Change parameters in one step of the history; None and an empty list take one away."""
    found: dict[str, Any] = {**state(), **changes}
    st.query_params.from_dict({name: kept for name, kept in found.items() if kept})


def bound(
    key: str, shown: Any, changes: Callable[[Any], Mapping[str, str | list[str] | None]]
) -> dict[str, Any]:
    """The arguments of a widget that shows what the URL says, and changes the URL.

    `changes` makes the URL's changes of the widget's new value.
    """
    # A value that the script sets replaces what the page holds, and with it a click made since;
    # so it is set only where it differs.
    if key not in st.session_state or st.session_state[key] != shown:
        st.session_state[key] = shown
    return {"key": key, "on_change": lambda: put(changes(st.session_state[key]))}
