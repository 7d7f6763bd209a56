"""Athena's SQL as a syntax tree in which functions keep their names, and nodes their place."""

from __future__ import annotations

from typing import Any

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.errors import ParseError, TokenError

from services.edge.athena.sql.errors import MalformedQueryError

Position = tuple[int, int]


class Athena(Trino):
    """Trino without sqlglot's rewriting of function calls and of subscripts."""

    INDEX_OFFSET = 0

    class Parser(Trino.Parser):  # type: ignore[misc,valid-type]
        FUNCTIONS: dict[str, Any] = {}  # noqa: RUF012 (sqlglot's own way)
        FUNCTION_PARSERS = {  # noqa: RUF012
            name: Trino.Parser.FUNCTION_PARSERS[name]
            for name in ("CAST", "TRY_CAST", "EXTRACT", "LISTAGG", "POSITION", "SUBSTRING", "TRIM")
        }


def parsed(sql: str) -> exp.Expr:
    """The one statement that `sql` is."""
    try:
        found = Athena().parse(sql)
    except ParseError as error:
        raise MalformedQueryError(_told(error)) from error
    except TokenError as error:
        raise MalformedQueryError(f"line 1:1: {_unfinished(sql)}") from error
    statements = [one for one in found if one is not None]
    if len(statements) != 1:
        raise MalformedQueryError(
            "Only one sql statement is allowed. Got: " + sql if statements else "Query is empty"
        )
    if any(not one.expressions for one in statements[0].find_all(exp.Select)):
        raise MalformedQueryError("a SELECT without anything to select")
    return statements[0]


def position(node: exp.Expr, sql: str) -> Position | None:
    """Line and column, both from one, of the first word of a node that has kept its place."""
    starts = [one.meta["start"] for one in node.walk() if "start" in one.meta]
    return place(sql, min(starts)) if starts else None


def place(sql: str, offset: int) -> Position:
    before = sql[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _told(error: ParseError) -> str:
    found = error.errors[0]
    word = found.get("highlight") or ""
    column = max(1, (found.get("col") or 1) - len(word) + 1)
    return f"line {found.get('line') or 1}:{column}: mismatched input '{word}'"


def _unfinished(sql: str) -> str:
    return "a quoted text or a comment has no end" if sql.count("'") % 2 else "unreadable input"
