"""The steps of a SQL/JSON path, in lax or in strict mode, as functions from items to items."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.edge.athena.sql.duckdb.json_path_items import (
    METHODS,
    Items,
    PathError,
    Predicate,
    calculated,
    checked_array,
    key_values,
    known,
    number,
    strict_size,
)

# The root `$`, the current `@`, and the index that `last` is.
Place = tuple[Any, Any, int]


@dataclass(frozen=True)
class Node:
    """A part of a path: its items at a place."""

    items: Callable[[Any, Any, int], Items]


@dataclass(frozen=True)
class Steps:
    """In lax mode the elements of an array stand for it, and what is missing is no item."""

    is_lax: bool

    def opened(self, node: Node, at: Place) -> Items:
        items = node.items(*at)
        if not self.is_lax:
            return items
        return [one for item in items for one in (item if isinstance(item, list) else [item])]

    def signed(self, factor: int, node: Node) -> Node:
        return Node(lambda *at: [factor * number(item) for item in self.opened(node, at)])

    def arithmetic(self, sign: str, left: Node, right: Node) -> Node:
        return Node(lambda *at: [calculated(sign, self._single(left, at), self._single(right, at))])

    def filtered(self, node: Node, test: Predicate) -> Node:
        return Node(
            lambda root, current, last: [
                item
                for item in self.opened(node, (root, current, last))
                if test(root, item, last) is True
            ]
        )

    def members(self, node: Node) -> Node:
        return Node(
            lambda *at: [
                value for item in self.opened(node, at) for value in self._object(item).values()
            ]
        )

    def member(self, name: str, node: Node) -> Node:
        def found(*at: Any) -> Items:
            values = []
            for item in self.opened(node, at):
                members = self._object(item)
                if name in members:
                    values.append(members[name])
                elif not self.is_lax:
                    raise PathError(f"structural error: missing member '{name}' in JSON object")
            return values

        return Node(found)

    def method(self, name: str, node: Node) -> Node:
        if name == "size" and not self.is_lax:
            return Node(lambda *at: [strict_size(item) for item in node.items(*at)])
        if name in ("type", "size"):
            return Node(lambda *at: [METHODS[name](item) for item in node.items(*at)])
        if name == "keyvalue":
            return Node(
                lambda *at: [pair for item in self.opened(node, at) for pair in key_values(item)]
            )
        return Node(lambda *at: [METHODS[name](item) for item in self.opened(node, at)])

    def all_elements(self, node: Node) -> Node:
        if self.is_lax:
            return Node(lambda *at: self.opened(node, at))
        return Node(lambda *at: [one for item in node.items(*at) for one in checked_array(item)])

    def elements(self, node: Node, ranges: list[tuple[Node, Node]]) -> Node:
        def found(root: Any, current: Any, last: int) -> Items:
            parts: Items = []
            for item in node.items(root, current, last):
                is_one = self.is_lax and not isinstance(item, list)
                values = [item] if is_one else checked_array(item)
                inside = (root, current, len(values) - 1)
                for low, high in ranges:
                    ends = [math.trunc(number(self._single(end, inside))) for end in (low, high)]
                    parts += self._between(values, *ends)
            return parts

        return Node(found)

    def pairwise(
        self, test: Callable[[Any, Any], bool | None], left: Node, right: Node
    ) -> Predicate:
        def found(*at: Any) -> bool | None:
            results = [test(a, b) for a in self.opened(left, at) for b in self.opened(right, at)]
            return None if None in results else any(results)

        return lambda *at: known(lambda: found(*at))

    def _single(self, node: Node, at: Place) -> Any:
        found = self.opened(node, at)
        if len(found) != 1:
            raise PathError("arithmetic binary expression requires singleton operands")
        return found[0]

    def _object(self, item: Any) -> dict[str, Any]:
        if isinstance(item, dict):
            return item
        if self.is_lax:
            return {}
        raise PathError("invalid item type. Expected: OBJECT")

    def _between(self, values: Items, low: int, high: int) -> Items:
        if not self.is_lax and not 0 <= low <= high < len(values):
            raise PathError("structural error: invalid array subscript")
        return values[max(low, 0) : high + 1]
