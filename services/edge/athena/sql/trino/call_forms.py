"""Calls that have a syntax of their own: OVER, FILTER, LISTAGG, EXTRACT, TRIM, SUBSTRING."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.calls import called
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.conditions import condition
from services.edge.athena.sql.trino.scope import Context
from services.edge.athena.sql.trino.templates import Modifiers
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.windows import order, over


def _window(node: exp.Window, context: Context) -> Typed:
    inner, nulls = node.this, ""
    if isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls)):
        nulls = " IGNORE NULLS" if isinstance(inner, exp.IgnoreNulls) else ""
        inner = inner.this
    if isinstance(inner, exp.Filter):  # Trino has it as little
        raise context.refuse("FILTER for window functions", node)
    if not isinstance(inner, exp.Anonymous):
        raise context.refuse(node.sql(dialect="trino"), node)
    after = f" OVER ({over(node, context)})"
    return called(inner, context, Modifiers(after=after, nulls=nulls, is_window=True))


def _filtered(node: exp.Filter, context: Context) -> Typed:
    if not isinstance(node.this, exp.Anonymous):
        raise context.refuse(node.sql(dialect="trino"), node)
    return called(node.this, context, Modifiers(after=_filter(node, context)))


def _filter(node: exp.Filter, context: Context) -> str:
    test = condition(node.expression.this, context, "FILTER clause")
    return f" FILTER (WHERE {test.sql})"


def _listagg(node: exp.GroupConcat, context: Context) -> Typed:
    inner = node.this
    arguments = [inner.this if isinstance(inner, exp.Order) else inner]
    separator = node.args.get("separator") or exp.Literal.string("")
    call = exp.Anonymous(this="listagg", expressions=[*arguments, separator])
    items = order(inner.expressions, context) if isinstance(inner, exp.Order) else ""
    return called(call, context, Modifiers(order=f" ORDER BY {items}" if items else ""))


def _named(name: str, *fields: str) -> Callable[[Any, Context], Typed]:
    """A node that sqlglot has a syntax of its own for, as the call that it is."""

    def rule(node: exp.Expr, context: Context) -> Typed:
        parts = [node.args[field] for field in fields if node.args.get(field) is not None]
        return called(exp.Anonymous(this=name, expressions=parts), context)

    return rule


def _extract(node: exp.Extract, context: Context) -> Typed:
    field = node.name.lower()
    value = context.compile(node.expression)
    if value.type == t.DATE and field in ("hour", "minute", "second"):
        told = f"Cannot extract {field.upper()} from date"
        raise QueryError("TYPE_MISMATCH", told, context.place(node))
    return called(exp.Anonymous(this=field, expressions=[node.expression]), context)


def _trim(node: exp.Trim, context: Context) -> Typed:
    side = (node.args.get("position") or "BOTH").upper()
    name = {"BOTH": "trim", "LEADING": "ltrim", "TRAILING": "rtrim"}[side]
    if node.expression is None:
        return called(exp.Anonymous(this=name, expressions=[node.this]), context)
    value, signs = (
        coerced(context.compile(part), t.VARCHAR) for part in (node.this, node.expression)
    )
    return Typed(f"{name}({value.sql}, {signs.sql})", t.VARCHAR)


RULES: dict[type, Callable[[Any, Context], Typed]] = {
    exp.Anonymous: called,
    exp.Window: _window,
    exp.Filter: _filtered,
    exp.GroupConcat: _listagg,
    exp.StrPosition: _named("strpos", "this", "substr"),
    exp.Substring: _named("substr", "this", "start", "length"),
    exp.Extract: _extract,
    exp.Trim: _trim,
}
