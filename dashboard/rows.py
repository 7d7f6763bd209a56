"""A table whose rows can be chosen by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from dashboard import markup

CLICKS = """
export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".rows")
  // Written anew only where it differs, so that the focus stays on a row during a refresh.
  if (box.dataset.shown !== data.html) {
    box.innerHTML = data.html
    box.dataset.shown = data.html
  }
  box.onclick = event => {
    const row = event.target.closest("[data-row]")
    if (row) setTriggerValue("chosen", row.dataset.row)
  }
}
"""


_mount = st.components.v2.component(
    "rows", html='<div class="rows"></div>', js=CLICKS, isolate_styles=False
)


def chooser(label: str, row: str, chosen: bool | None = None) -> str:
    """The cell that names a row: a button for the keyboard; `chosen` for rows that toggle."""
    pressed = "" if chosen is None else f' aria-pressed="{str(chosen).lower()}"'
    return f'<button type="button" data-row="{escape(row)}"{pressed}>{label}</button>'


def table(
    name: str,
    heads: list[str],
    rows: dict[str, list[str]],
    choose: Callable[[str], None],
    chosen: frozenset[str] = frozenset(),
) -> None:
    """Rows by what they are called in `choose`; their cells are HTML already, the first of them
    made by `chooser`."""
    html = markup.table(name, heads, list(rows.values()), list(rows), chosen)

    def clicked() -> None:
        row = st.session_state[name].chosen
        if row in rows:
            choose(row)

    _mount(key=name, data={"html": html}, on_chosen_change=clicked)
