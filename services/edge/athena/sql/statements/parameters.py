"""The values that stand for question marks: constants, never other parts of the query."""

from __future__ import annotations

import re

from sqlglot import exp

from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements.tokens import Tokens
from services.edge.athena.sql.trino.syntax import parsed
from services.edge.athena.sql.trino.typed_sql import text

_QUOTED = re.compile(r"\s*'((?:[^']|'')*)'", re.DOTALL)


def literal(value: str) -> str:
    """SQL for one of ExecutionParameters: a literal as it stands, anything else as a text.

    `1` is a number and `'a'` a text, as in EXECUTE … USING; `a` is the text 'a', not a column.
    https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
    """
    try:
        found = parsed(f"SELECT {value}")
    except MalformedQueryError:
        return text(value)
    is_one = isinstance(found, exp.Select) and not any(
        part for name, part in found.args.items() if name != "expressions"
    )
    if is_one and len(found.expressions) == 1 and _is_literal(found.expressions[0]):
        return value
    return text(value)


def _is_literal(node: exp.Expr) -> bool:
    if isinstance(node, (exp.Literal, exp.Boolean, exp.Null, exp.HexString, exp.UnicodeString)):
        return True
    if isinstance(node, exp.Neg):
        return isinstance(node.this, exp.Literal) and not node.this.is_string
    if isinstance(node, exp.Array):
        return all(map(_is_literal, node.expressions))
    if isinstance(node, (exp.Cast, exp.Interval, exp.ParseJSON)):
        return isinstance(node.this, exp.Literal)
    return False


def using(tokens: Tokens) -> list[str]:
    """The constant expressions after USING, as they are written."""
    if not tokens.accept("USING"):
        tokens.expect_end()
        return []
    values, start, depth = [], tokens.next.start, 0
    while tokens.next.kind != "end":
        token = tokens.take("word", "name", "text", "number", "sign")
        depth += (token.text in "([") - (token.text in ")]")
        if token.text == "," and depth == 0:
            values.append(tokens.sql[start : token.start])
            start = token.end
    return [*values, tokens.sql[start : tokens.next.start].rstrip().rstrip(";")]


def quoted_statement(tokens: Tokens) -> str:
    """The text of EXECUTE IMMEDIATE, where only quotes are doubled, as in all texts of a query."""
    found = _QUOTED.match(tokens.sql, tokens.next.start)
    if found is None:
        raise tokens.unexpected("a quoted statement")
    tokens.skip_to(found.end())
    return found[1].replace("''", "'")


def fill(node: exp.Expr, values: list[str]) -> None:
    """Puts each value in the place of its question mark."""
    marks = [mark for mark in node.find_all(exp.Placeholder, bfs=False) if not mark.this]
    if len(marks) != len(values):
        raise MalformedQueryError(
            f"INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected {len(marks)} but"
            f" found {len(values)}"
        )
    for mark, value in zip(marks, values, strict=True):
        found = _constant(value)
        for part in found.walk():  # its places are not those of the statement
            part.meta.pop("start", None)
        mark.replace(found)


def _constant(value: str) -> exp.Expr:
    found = parsed(f"SELECT {value}").expressions
    if len(found) != 1:
        raise MalformedQueryError(f"INVALID_PARAMETER_USAGE: expected one value, found {value}")
    bound = {part.name for node in found[0].find_all(exp.Lambda) for part in node.expressions}
    columns = [
        column for column in found[0].find_all(exp.Column) if column.parts[0].name not in bound
    ]
    for is_there, what in (
        (found[0].find(exp.Query, exp.Values) is not None, "a subquery"),
        (bool(columns), "column references"),
        (found[0].find(exp.Star, exp.Alias) is not None, "what is no expression"),
    ):
        if is_there:
            raise MalformedQueryError(
                f"EXPRESSION_NOT_CONSTANT: Constant expression cannot contain {what}: {value}"
            )
    one: exp.Expr = found[0]
    return one
