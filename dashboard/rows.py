"""Tables whose rows, or cells, can be chosen by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Container
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
  // In a grid the arrows lead from cell to cell, and the tab key past them all.
  box.onkeydown = event => {
    const [down, right] = STEPS[event.key] || [0, 0]
    const cell = event.target.closest("[role=grid] td")
    if (!cell || !(down || right)) return
    event.preventDefault()
    const row = cell.parentElement.parentElement.rows[cell.parentElement.sectionRowIndex + down]
    const next = row?.cells[cell.cellIndex + right]?.querySelector("button")
    if (!next) return
    event.target.tabIndex = -1
    next.tabIndex = 0
    next.focus()
  }
}
const STEPS = {ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1]}
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
    clickable(name, html, rows, choose)


def clickable(name: str, html: str, ids: Container[str], choose: Callable[[str], None]) -> None:
    """HTML whose elements with a `data-row` of the ids call `choose` with it."""

    def clicked() -> None:
        row = st.session_state[name].chosen
        if row in ids:
            choose(row)

    _mount(key=name, data={"html": html}, on_chosen_change=clicked)
