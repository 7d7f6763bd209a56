"""A state machine's definition in; its states in layers, and the edges between them, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
Edges = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Node:
    """A state; `parts` are the branches of a Parallel state, or what a Map state repeats."""

    name: str
    kind: str
    parts: tuple[Graph, ...] = ()


@dataclass(frozen=True)
class Edge:
    """From a place of one layer to a place of the next; both count from 0."""

    start: int
    end: int
    label: str = ""


@dataclass(frozen=True)
class Graph:
    """`layers` from the first state on; None is a place that an edge only runs through.

    `edges[n]` leads from layer n to layer n + 1. `back` names the edges that lead to an earlier
    state: a loop.
    """

    layers: tuple[tuple[Node | None, ...], ...]
    edges: tuple[tuple[Edge, ...], ...]
    back: tuple[tuple[str, str], ...] = ()


def graph(definition: Document) -> Graph:
    """The layers of a definition in Amazon States Language, branches and repeated states within.

    A state stands one layer below the last of those that lead to it.
    """
    states: Document = definition["States"]
    edges = {name: dict(_following(state)) for name, state in states.items()}
    order, back = _sorted(str(definition["StartAt"]), edges)
    depth = dict.fromkeys(order, 0)
    forward = [(a, b) for a in order for b in edges[a] if b in depth and (a, b) not in back]
    for start, end in forward:
        depth[end] = max(depth[end], depth[start] + 1)
    places: list[list[str | None]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in order:
        places[depth[name]].append(name)
    between: list[list[Edge]] = [[] for _ in places[1:]]
    for start, end in forward:
        at = places[depth[start]].index(start)
        for layer in range(depth[start] + 1, depth[end]):
            places[layer].append(None)
            between[layer - 1].append(Edge(at, len(places[layer]) - 1))
            at = len(places[layer]) - 1
        target = places[depth[end]].index(end)
        between[depth[end] - 1].append(Edge(at, target, edges[start][end]))
    layers = (tuple(n if n is None else _node(n, states[n]) for n in layer) for layer in places)
    in_order = (tuple(sorted(those, key=lambda e: (e.start, e.end))) for those in between)
    return Graph(tuple(layers), tuple(in_order), tuple(sorted(back)))


def nodes(of: Graph) -> Iterator[Node]:
    """Every state, those of branches after the state that they are in."""
    for node in (node for layer in of.layers for node in layer if node):
        yield node
        for part in node.parts:
            yield from nodes(part)


def state_names(of: Graph) -> list[str]:
    """The states that do something, in the order in which they come."""
    return [node.name for node in nodes(of) if not node.parts]


def _node(name: str, state: Document) -> Node:
    parts = [*state.get("Branches", ())]
    parts += [state[key] for key in ("ItemProcessor", "Iterator") if key in state][:1]
    return Node(name, str(state.get("Type", "")), tuple(graph(part) for part in parts))


def _following(state: Document) -> Iterator[tuple[str, str]]:
    """The names of the states that may follow, and what decides for them."""
    for catcher in reversed(state.get("Catch", ())):
        yield catcher["Next"], "on error"
    if "Default" in state:
        yield state["Default"], "otherwise"
    for choice in reversed(state.get("Choices", ())):
        yield choice["Next"], "if"
    if "Next" in state:
        yield state["Next"], ""


def _sorted(first: str, edges: Edges) -> tuple[list[str], set[tuple[str, str]]]:
    """Every state after those that lead to it, and the edges that cannot be so."""
    done: list[str] = []
    back: set[tuple[str, str]] = set()
    # A stack of our own: a chain may be longer than Python lets functions call each other.
    entered: dict[str, Iterator[str]] = {}
    for root in (first, *edges):
        stack = [root] if root in edges and root not in entered else []
        while stack:
            name = stack[-1]
            following = entered.setdefault(name, iter(edges[name]))
            target = next((t for t in following if t in edges), None)
            if target is None:
                done.append(stack.pop())
            elif target in stack:
                back.add((name, target))
            elif target not in entered:
                stack.append(target)
    return done[::-1], back
