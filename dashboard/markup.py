"""HTML that the pages share: heads, notices, states, progress; every text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from pathlib import Path

from pipeline.durations import duration
from pipeline.state_progress import StateProgress


def style() -> str:
    return f"<style>{(Path(__file__).parent / 'style.css').read_text()}</style>"


def header(title: str, as_of: str | None = None) -> str:
    stamp = f'<span class="as-of">Data as of {escape(as_of)}</span>' if as_of else ""
    return f'<div class="page-head"><h1>{escape(title)}</h1>{stamp}</div>'


def panel_title(text: str) -> str:
    return f'<h2 class="panel-title">{escape(text)}</h2>'


def notice(text: str) -> str:
    return f'<div class="notice" role="status">{escape(text)}</div>'


def link(text: str, address: str) -> str:
    """To a page of its own; the address is a path of the dashboard."""
    return f'<p class="link"><a href="{escape(address)}" target="_blank">{escape(text)}</a></p>'


def empty(title: str, text: str, command: str | None = None) -> str:
    shown = f"<pre>{escape(command)}</pre>" if command else ""
    return (
        f'<div class="empty" role="status"><h2>{escape(title)}</h2>'
        f"<p>{escape(text)}</p>{shown}</div>"
    )


def definitions(facts: Mapping[str, str]) -> str:
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts.items())
    return f'<dl class="definitions">{rows}</dl>'


def cause(text: str) -> str:
    return f'<div class="cause">{escape(text)}</div>'


def states(progress: list[StateProgress], now: datetime) -> str:
    rows = "".join(
        f'<li class="{state.status}" title="{state.status}"><span class="state">'
        f'{escape(state.name)}</span><span class="note">{_note(state, now)}</span></li>'
        for state in progress
    )
    return f'<ul class="states">{rows}</ul>'


def _note(state: StateProgress, now: datetime) -> str:
    words = "" if state.status in ("succeeded", "running") else state.status
    return " · ".join(part for part in (words, duration(state.seconds(now))) if part)


def table(
    name: str,
    heads: list[str],
    rows: list[list[str]],
    ids: list[str] | None = None,
    chosen: frozenset[str] = frozenset(),
) -> str:
    """The cells of the rows are HTML already; rows with ids are those that can be chosen."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    starts = ["<tr>"] * len(rows)
    if ids is not None:
        marks = [' class="chosen"' if row in chosen else "" for row in ids]
        starts = [f'<tr data-row="{escape(r)}"{m}>' for r, m in zip(ids, marks, strict=True)]
    body = "".join(
        f"{start}{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for start, row in zip(starts, rows, strict=True)
    )
    return (
        f'<div class="wide"><table class="facts {name}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
