"""A graph of states and how far each has come in; HTML that a page styles by STYLE out.

It is made of boxes and text, not of an image, so that it can be read aloud, selected, printed and
narrowed; Streamlit takes no SVG within HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from pipeline.durations import duration
from pipeline.state_graph import Edge, Graph, Node
from pipeline.state_progress import StateProgress

SIGNS = {
    "waiting": "○", "running": "●", "retrying": "↻", "succeeded": "✓",
    "failed": "✕", "aborted": "■", "skipped": "–",
}  # fmt: skip
# The worst first: what a box of branches is shown as.
WORST = ("failed", "aborted", "retrying", "running", "waiting", "succeeded", "skipped")


def style() -> str:
    return (Path(__file__).parent / "state_drawing.css").read_text()


@dataclass(frozen=True)
class Shown:
    """What is shown of the states: their progress, and a line of each under its name."""

    progress: Mapping[str, StateProgress]
    notes: Mapping[str, str]
    now: datetime

    def status(self, node: Node) -> str:
        if node.name in self.progress:
            return self.progress[node.name].status
        within = {self.status(n) for part in node.parts for n in _own_nodes(part)}
        if {"succeeded", "waiting"} <= within and not within & {"failed", "aborted"}:
            return "running"
        return next((status for status in WORST if status in within), "waiting")

    def has_run(self, node: Node | None) -> bool:
        return node is None or self.status(node) not in ("waiting", "skipped")


def drawing(graph: Graph, shown: Shown) -> str:
    """The graph from top to bottom; each state with its status in a sign, a colour and a word."""
    return f'<div class="flow" role="list" aria-label="States">{_layers(graph, shown)}</div>'


def _layers(graph: Graph, shown: Shown) -> str:
    found = []
    for number, layer in enumerate(graph.layers):
        if number:
            found.append(_gap(graph, number - 1, shown))
        cells = "".join(_cell(node, shown) for node in layer)
        found.append(f'<div class="flow-row">{cells}</div>')
    for start, end in graph.back:
        found.append(
            f'<div class="flow-back">↺ {escape(start)} can lead back to {escape(end)}</div>'
        )
    return "".join(found)


def _cell(node: Node | None, shown: Shown) -> str:
    if node is None:
        return '<div class="flow-cell"><i class="flow-line flow-through"></i></div>'
    return (
        f'<div class="flow-cell">{_box(node, shown) if node.parts else _state(node, shown)}</div>'
    )


def _state(node: Node, shown: Shown) -> str:
    state = shown.progress.get(node.name, StateProgress(node.name))
    took = duration(state.seconds(shown.now))
    words = " · ".join(part for part in (state.status, took) if part)
    note = shown.notes.get(node.name, "")
    line = f'<span class="flow-note">{escape(note)}</span>' if note else ""
    return (
        f'<div class="flow-state {state.status}" role="listitem">'
        f'<span class="flow-sign" aria-hidden="true">{SIGNS[state.status]}</span>'
        f'<span class="flow-text"><b>{escape(node.name)}</b>'
        f'<span class="flow-words">{words}</span>{line}</span></div>'
    )


def _box(node: Node, shown: Shown) -> str:
    kind = "side by side" if node.kind == "Parallel" else "for each item"
    parts = "".join(f'<div class="flow-part">{_layers(part, shown)}</div>' for part in node.parts)
    return (
        f'<div class="flow-box {shown.status(node)}" role="listitem">'
        f'<div class="flow-title">{escape(node.name)} <span>{kind}</span></div>'
        f'<div class="flow-parts" role="list">{parts}</div></div>'
    )


def _gap(graph: Graph, number: int, shown: Shown) -> str:
    upper, lower = graph.layers[number], graph.layers[number + 1]
    lines = "".join(
        _edge(
            edge,
            100 * (edge.start + 0.5) / len(upper),
            100 * (edge.end + 0.5) / len(lower),
            taken=shown.has_run(upper[edge.start]) and shown.has_run(lower[edge.end]),
            ends=lower[edge.end] is not None,
        )
        for edge in graph.edges[number]
    )
    return f'<div class="flow-gap" aria-hidden="true">{lines}</div>'


def _edge(edge: Edge, start: float, end: float, *, taken: bool, ends: bool) -> str:
    """A line down, across, and down; percent of the width."""
    kind = "flow-line taken" if taken else "flow-line"
    arrow = f"{kind} flow-arrow" if ends else kind
    if start == end:
        drawn = f'<i class="{arrow}" style="left:{end:.3f}%;top:0;height:100%"></i>'
    else:
        left, width = min(start, end), abs(end - start)
        drawn = (
            f'<i class="{kind}" style="left:{start:.3f}%;top:0;height:50%"></i>'
            f'<i class="{kind} flow-across" style="left:{left:.3f}%;width:{width:.3f}%;'
            'top:50%"></i>'
            f'<i class="{arrow}" style="left:{end:.3f}%;top:50%;height:50%"></i>'
        )
    label = f'<span style="left:{end:.3f}%">{escape(edge.label)}</span>' if edge.label else ""
    return drawn + label


def _own_nodes(graph: Graph) -> list[Node]:
    return [node for layer in graph.layers for node in layer if node]
