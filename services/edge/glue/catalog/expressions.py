"""GetPartitions' filter language: a text like SQL's WHERE in, its tree of conditions out.

https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html names its operators.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from services.edge.glue.catalog.conditions import (
    And,
    Between,
    Comparison,
    Condition,
    In,
    IsNull,
    Like,
    Not,
    Or,
)
from services.edge.glue.errors import GlueError, invalid_input

OPERATORS = ("=", "<>", "!=", "<", "<=", ">", ">=")
RESERVED = frozenset({"and", "or", "not", "in", "between", "like", "is", "null"})
NESTING = 50
TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')
    |(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<symbol><>|!=|<=|>=|[=<>(),])
    |(?P<name>[A-Za-z_][\w.]*)
    |(?P<quoted>`[^`]+`|"[^"]+")
    |(?P<end>\Z))""",
    re.VERBOSE | re.ASCII,
)


class Token(NamedTuple):
    kind: str
    value: str


def parsed(expression: str) -> Condition:
    """Raises InvalidInputException, as Glue does, for what is not of the language."""
    return _Parser(expression).whole()


class _Parser:
    """One method per rule of the grammar; OR binds least, then AND, then NOT."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = self._read()
        self._next = 0
        self._depth = 0

    def whole(self) -> Condition:
        condition = self._or()
        if self._tokens[self._next].kind != "end":
            raise self._unsupported()
        return condition

    def _or(self) -> Condition:
        self._depth += 1
        if self._depth > NESTING:
            raise self._unsupported()
        conditions = [self._and()]
        while self._word("or"):
            conditions.append(self._and())
        self._depth -= 1
        return conditions[0] if len(conditions) == 1 else Or(tuple(conditions))

    def _and(self) -> Condition:
        conditions = [self._negated()]
        while self._word("and"):
            conditions.append(self._negated())
        return conditions[0] if len(conditions) == 1 else And(tuple(conditions))

    def _negated(self) -> Condition:
        count = 0
        while self._word("not"):
            count += 1
        condition = self._single()
        return Not(condition) if count % 2 else condition

    def _single(self) -> Condition:
        if self._symbol("("):
            condition = self._or()
            self._expect(")")
            return condition
        key = self._key()
        token = self._tokens[self._next]
        if token.kind == "symbol" and token.value in OPERATORS:
            self._next += 1
            return Comparison(key, token.value, self._literal())
        if self._word("is"):
            negated = self._word("not")
            self._expect("null")
            return Not(IsNull(key)) if negated else IsNull(key)
        negated = self._word("not")
        condition = self._operation(key)
        return Not(condition) if negated else condition

    def _operation(self, key: str) -> Condition:
        if self._word("like"):
            return Like(key, self._literal())
        if self._word("between"):
            low = self._literal()
            self._expect("and")
            return Between(key, low, self._literal())
        self._expect("in")
        self._expect("(")
        literals = [self._literal()]
        while self._symbol(","):
            literals.append(self._literal())
        self._expect(")")
        return In(key, tuple(literals))

    def _key(self) -> str:
        token = self._take()
        if token.kind == "quoted":
            return token.value[1:-1]
        if token.kind != "name" or token.value.lower() in RESERVED:
            raise self._unsupported()
        return token.value

    def _literal(self) -> str:
        """As it is written: Glue takes numbers and texts for each other."""
        if self._symbol("("):
            literal = self._literal()
            self._expect(")")
            return literal
        token = self._take()
        if token.kind == "number":
            return token.value
        if token.kind != "text":
            raise self._unsupported()
        return token.value[1:-1].replace("''", "'")

    def _word(self, word: str) -> bool:
        return self._passed("name", word)

    def _symbol(self, symbol: str) -> bool:
        return self._passed("symbol", symbol)

    def _expect(self, value: str) -> None:
        if not (self._word(value) or self._symbol(value)):
            raise self._unsupported()

    def _passed(self, kind: str, value: str) -> bool:
        token = self._tokens[self._next]
        found = token.kind == kind and token.value.lower() == value
        self._next += found
        return found

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += token.kind != "end"
        return token

    def _read(self) -> list[Token]:
        tokens: list[Token] = []
        position = 0
        while not tokens or tokens[-1].kind != "end":
            match = TOKEN.match(self._expression, position)
            if match is None or match.lastgroup is None:
                raise self._unsupported()
            tokens.append(Token(match.lastgroup, match[match.lastgroup]))
            position = match.end()
        return tokens

    def _unsupported(self) -> GlueError:
        return invalid_input(f"Unsupported expression '{self._expression}'")
