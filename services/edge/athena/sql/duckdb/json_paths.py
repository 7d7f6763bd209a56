"""SQL/JSON paths: `lax $.a[*] ? (@.b > 1).size()`, as functions from a JSON value to its items.

https://trino.io/docs/current/functions/json.html#json-path-language
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from services.edge.athena.sql.duckdb.json_path_items import (
    METHODS,
    Items,
    Predicate,
    both,
    compared,
    either,
    known,
    starts,
    unquoted,
)
from services.edge.athena.sql.duckdb.json_path_steps import Node, Steps
from services.edge.athena.sql.duckdb.json_path_tokens import Tokens


@cache
def parsed(path: str) -> Callable[[Any], Items]:
    """Raises ValueError for what is no path; the function it answers raises PathError."""
    parser = _Parser(path)
    node = parser.whole()
    return lambda root: node.items(root, root, -1)


class _Parser(Tokens):
    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._made = Steps(is_lax=self._take("lax", "strict") == "lax")

    def whole(self) -> Node:
        node = self._sum()
        self._take_end()
        return node

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._accept("+", "-"):
            node = self._made.arithmetic(sign, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while sign := self._accept("*", "/", "%"):
            node = self._made.arithmetic(sign, node, self._signed())
        return node

    def _signed(self) -> Node:
        sign = self._accept("+", "-")
        if sign is None:
            return self._steps(self._start())
        inner = self._signed()
        return self._made.signed(-1 if sign == "-" else 1, inner)

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
                node = self._made.members(node)
            else:
                node = self._named(node)
        return node

    def _filtered(self, node: Node) -> Node:
        self._take("(")
        test = self._or()
        self._take(")")
        return self._made.filtered(node, test)

    def _named(self, node: Node) -> Node:
        token = self._next
        self._at += 1
        if not re.fullmatch(r'[A-Za-z_]\w*|".*"', token, re.DOTALL):
            raise ValueError(f"mismatched input '{token}'")
        if self._next == "(" and token in METHODS:
            self._take("(")
            self._take(")")
            return self._made.method(token, node)
        name = unquoted(token) if token[0] == '"' else token
        return self._made.member(name, node)

    def _subscripts(self, node: Node) -> Node:
        if self._accept("*"):
            self._take("]")
            return self._made.all_elements(node)
        ranges = [self._range()]
        while self._accept(","):
            ranges.append(self._range())
        self._take("]")
        return self._made.elements(node, ranges)

    def _range(self) -> tuple[Node, Node]:
        low = self._sum()
        return (low, self._sum()) if self._accept("to") else (low, low)

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
            return self._made.pairwise(starts, left, right)
        if self._next == "like_regex":
            raise ValueError("NOT_SUPPORTED: like_regex is not supported here")
        sign = self._take("==", "!=", "<>", "<", "<=", ">", ">=")
        return self._made.pairwise(lambda a, b: compared(sign, a, b), left, self._sum())
