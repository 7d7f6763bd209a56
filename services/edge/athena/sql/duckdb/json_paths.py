"""SQL/JSON paths: `lax $.a[*] ? (@.b > 1).size()`, as functions from a JSON value to its items.

https://trino.io/docs/current/functions/json.html#json-path-language
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from services.edge.athena.sql.duckdb.json_path_items import (
    METHODS,
    Items,
    PathError,
    Predicate,
    both,
    calculated,
    checked_array,
    compared,
    either,
    key_values,
    known,
    number,
    starts,
    strict_size,
    unquoted,
)
from services.edge.athena.sql.duckdb.json_path_tokens import Tokens


class Node:
    """A part of a path: its items for the root `$`, the current `@` and the `last` index."""

    def __init__(self, items: Callable[[Any, Any, int], Items]) -> None:
        self.items = items


@cache
def parsed(path: str) -> Callable[[Any], Items]:
    """Raises ValueError for what is no path; the function it answers raises PathError."""
    parser = _Parser(path)
    node = parser.whole()
    return lambda root: node.items(root, root, -1)


class _Parser(Tokens):
    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.is_lax = self._take("lax", "strict") == "lax"

    def whole(self) -> Node:
        node = self._sum()
        self._take_end()
        return node

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._accept("+", "-"):
            node = self._arithmetic(sign, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while sign := self._accept("*", "/", "%"):
            node = self._arithmetic(sign, node, self._signed())
        return node

    def _signed(self) -> Node:
        sign = self._accept("+", "-")
        if sign is None:
            return self._steps(self._start())
        inner = self._signed()
        factor = -1 if sign == "-" else 1
        return Node(lambda *at: [factor * number(item) for item in self._opened(inner, at)])

    def _arithmetic(self, sign: str, left: Node, right: Node) -> Node:
        return Node(
            lambda *at: [
                calculated(sign, self._single(left, at), self._single(right, at)),
            ]
        )

    def _single(self, node: Node, at: tuple[Any, Any, int]) -> Any:
        found = self._opened(node, at)
        if len(found) != 1:
            raise PathError("arithmetic binary expression requires singleton operands")
        return found[0]

    def _opened(self, node: Node, at: tuple[Any, Any, int]) -> Items:
        """In lax mode the elements of arrays stand for them."""
        return self._unwrapped(node.items(*at))

    def _unwrapped(self, items: Items) -> Items:
        if not self.is_lax:
            return items
        return [one for item in items for one in (item if isinstance(item, list) else [item])]

    def _start(self) -> Node:
        token = self._next
        self._at += 1
        if token == "$":
            if re.fullmatch("[A-Za-z_].*", self._next):
                raise ValueError(f"no value passed for parameter {self._next}")
            return Node(lambda root, _current, _last: [root])
        if token == "@":
            return Node(lambda _root, current, _last: [current])
        if token == "last":
            return Node(lambda _root, _current, last: [last])
        if token == "(":
            inner = self._sum()
            self._take(")")
            return inner
        constants = {"true": True, "false": False, "null": None}
        if token in constants:
            return Node(lambda *_: [constants[token]])
        if token[0].isdigit():
            number = int(token) if token.isdecimal() else float(token)
            return Node(lambda *_: [number])
        if token[0] == '"':
            return Node(lambda *_: [unquoted(token)])
        raise ValueError(f"mismatched input '{token}'")

    def _steps(self, node: Node) -> Node:
        while sign := self._accept(".", "[", "?"):
            if sign == "?":
                node = self._filtered(node)
            elif sign == "[":
                node = self._subscripts(node)
            elif self._accept("*"):
                node = self._members(node)
            else:
                node = self._named(node)
        return node

    def _filtered(self, node: Node) -> Node:
        self._take("(")
        test = self._or()
        self._take(")")
        return Node(
            lambda root, current, last: [
                item
                for item in self._opened(node, (root, current, last))
                if test(root, item, last) is True
            ]
        )

    def _members(self, node: Node) -> Node:
        return Node(
            lambda *at: [
                value for item in self._opened(node, at) for value in self._object(item).values()
            ]
        )

    def _object(self, item: Any) -> dict[str, Any]:
        if isinstance(item, dict):
            return item
        if self.is_lax:
            return {}
        raise PathError("invalid item type. Expected: OBJECT")

    def _named(self, node: Node) -> Node:
        token = self._next
        self._at += 1
        if not re.fullmatch(r'[A-Za-z_]\w*|".*"', token, re.DOTALL):
            raise ValueError(f"mismatched input '{token}'")
        if self._next == "(" and token in METHODS:
            self._take("(")
            self._take(")")
            return self._method(token, node)
        name = unquoted(token) if token[0] == '"' else token

        def members(*at: Any) -> Items:
            found = []
            for item in self._opened(node, at):
                values = self._object(item)
                if name in values:
                    found.append(values[name])
                elif not self.is_lax:
                    raise PathError(f"structural error: missing member '{name}' in JSON object")
            return found

        return Node(members)

    def _method(self, name: str, node: Node) -> Node:
        if name == "size" and not self.is_lax:
            return Node(lambda *at: [strict_size(item) for item in node.items(*at)])
        if name in ("type", "size"):
            return Node(lambda *at: [METHODS[name](item) for item in node.items(*at)])
        if name == "keyvalue":
            return Node(
                lambda *at: [pair for item in self._opened(node, at) for pair in key_values(item)]
            )
        return Node(lambda *at: [METHODS[name](item) for item in self._opened(node, at)])

    def _subscripts(self, node: Node) -> Node:
        if self._accept("*"):
            self._take("]")
            if self.is_lax:
                return Node(lambda *at: self._opened(node, at))
            return Node(
                lambda *at: [one for item in node.items(*at) for one in checked_array(item)]
            )
        ranges = [self._range()]
        while self._accept(","):
            ranges.append(self._range())
        self._take("]")

        def elements(root: Any, current: Any, last: int) -> Items:
            found = []
            for item in node.items(root, current, last):
                values = (
                    [item] if self.is_lax and not isinstance(item, list) else checked_array(item)
                )
                inside = (root, current, len(values) - 1)
                for low, high in ranges:
                    ends = [math.trunc(number(self._single(end, inside))) for end in (low, high)]
                    found += self._between(values, *ends)
            return found

        return Node(elements)

    def _range(self) -> tuple[Node, Node]:
        low = self._sum()
        return (low, self._sum()) if self._accept("to") else (low, low)

    def _between(self, values: Items, low: int, high: int) -> Items:
        if not self.is_lax and not 0 <= low <= high < len(values):
            raise PathError("structural error: invalid array subscript")
        return values[max(low, 0) : high + 1]

    def _or(self) -> Predicate:
        test = self._and()
        while self._accept("||"):
            test = either(test, self._and())
        return test

    def _and(self) -> Predicate:
        test = self._not()
        while self._accept("&&"):
            test = both(test, self._not())
        return test

    def _not(self) -> Predicate:
        if self._accept("!"):
            inner = self._not()

            def negated(*at: Any) -> bool | None:
                found = inner(*at)
                return None if found is None else not found

            return negated
        return self._test()

    def _test(self) -> Predicate:
        if self._accept("exists"):
            self._take("(")
            node = self._sum()
            self._take(")")
            return lambda *at: known(lambda: bool(node.items(*at)))
        start = self._at
        if self._accept("("):
            try:
                test = self._or()
                self._take(")")
            except ValueError:
                self._at = start
            else:
                if self._accept("is"):
                    self._take("unknown")
                    return lambda *at: test(*at) is None
                return test
        return self._comparison()

    def _comparison(self) -> Predicate:
        left = self._sum()
        if self._accept("starts"):
            self._take("with")
            right = self._sum()
            return self._pairwise(starts, left, right)
        if self._next == "like_regex":
            raise ValueError("NOT_SUPPORTED: like_regex is not supported here")
        sign = self._take("==", "!=", "<>", "<", "<=", ">", ">=")
        return self._pairwise(lambda a, b: compared(sign, a, b), left, self._sum())

    def _pairwise(
        self, test: Callable[[Any, Any], bool | None], left: Node, right: Node
    ) -> Predicate:
        def found(*at: Any) -> bool | None:
            results = [test(a, b) for a in self._opened(left, at) for b in self._opened(right, at)]
            if None in results:
                return None
            return any(results)

        return lambda *at: known(lambda: found(*at))
