"""Function calls: scalar functions, aggregates, windows and lambdas, by Trino's signatures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import date_arithmetic as moments
from services.edge.athena.sql.trino import equality, formats, lambdas, unavailable
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import cast, coerced
from services.edge.athena.sql.trino.conditions import condition
from services.edge.athena.sql.trino.scope import Context, name_of
from services.edge.athena.sql.trino.signatures import (
    AGGREGATES,
    SCALARS,
    WINDOWS,
    Binding,
    Overload,
    chosen,
    result_type,
)
from services.edge.athena.sql.trino.special_functions import SPECIAL, function_name
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.windows import order, over
from services.edge.athena.sql.trino.zones import local

_FORMATS = {
    "mysql": formats.mysql,
    "joda": formats.joda,
    "path": formats.json_path,
}


@dataclass(frozen=True)
class Modifiers:
    """What stands around a call of an aggregate or a window function."""

    distinct: str = ""
    order: str = ""
    after: str = ""  # FILTER and OVER
    nulls: str = ""
    is_window: bool = False


def called(node: exp.Anonymous, context: Context, given: Modifiers | None = None) -> Typed:
    name = function_name(node)
    special = SPECIAL.get(name) or lambdas.FUNCTIONS.get(name)
    if name == "regexp_replace" and isinstance(node.expressions[-1], exp.Lambda):
        special = lambdas.regexp_replace
    if special and given is None:
        return special(node, context)
    modifiers = given or Modifiers()
    overloads = AGGREGATES.get(name) or (WINDOWS.get(name) if modifiers.is_window else None)
    nodes = list(node.expressions)
    if overloads is not None:
        nodes, modifiers = _distinct(nodes, modifiers, context)
    elif given is None or not (given.after or given.is_window):
        overloads = SCALARS.get(name)
    if overloads is None:
        raise _unknown(name, node, context)
    nodes = [one for one in nodes if not isinstance(one, exp.Star)]
    return _bound(name, overloads, nodes, modifiers, node, context)


def _unknown(name: str, node: exp.Expr, context: Context) -> QueryError:
    """Whose mistake it is: the query's, or that this has not all of Trino."""
    if name in unavailable.FUNCTIONS or name in SCALARS or name in WINDOWS:
        return context.refuse(f"The function {name} in this place", node)
    return QueryError(
        "FUNCTION_NOT_FOUND", f"Function '{name}' not registered", context.place(node)
    )


def _bound(
    name: str,
    overloads: list[Overload],
    nodes: list[exp.Expr],
    modifiers: Modifiers,
    node: exp.Expr,
    context: Context,
) -> Typed:
    is_lambda = [isinstance(one, exp.Lambda) for one in nodes]
    values = [
        Typed("", t.UNKNOWN) if is_it else context.compile(one)
        for one, is_it in zip(nodes, is_lambda, strict=True)
    ]
    found = chosen(overloads, values)
    if found is None or any(
        ("->" in found[0].parameter(i)) != is_it for i, is_it in enumerate(is_lambda)
    ):
        if name in unavailable.OVERLOADS:
            shown = ", ".join(str(value.type) for value in values)
            raise context.refuse(f"The function {name}({shown})", node)
        expected = ", ".join(f"{name}({', '.join(one.parameters)})" for one in overloads)
        shown = ", ".join(str(value.type) for value in values)
        raise QueryError(
            "FUNCTION_NOT_FOUND",
            f"Unexpected parameters ({shown}) for function {name}. Expected: {expected}",
            context.place(node),
        )
    overload, binding = found
    for index, one in enumerate(nodes):
        if is_lambda[index]:
            values[index] = _lambda(one, overload.parameter(index), binding, context)
    if name in _BY_EQUALITY and binding.types.get("T", t.UNKNOWN).of:
        if name != "contains":
            raise context.refuse(f"{name} of {binding.types['T']}", node)
        pair = [binding.argument(p, v) for p, v in zip(overload.parameters, values, strict=True)]
        return Typed(equality.contained(name, *pair), t.BOOLEAN)
    return _filled(overload, binding, values, modifiers, context.place(node))


_BY_EQUALITY = ("contains", "array_position", "array_remove", "arrays_overlap", "contains_sequence")


def _lambda(node: exp.Expr, parameter: str, binding: Binding, context: Context) -> Typed:
    taken, _, result = (part.strip() for part in parameter.partition("->"))
    name = context.environment.unique("v")
    variable = Typed(name, binding.resolved(taken))
    [identifier] = node.expressions
    body = context.with_variables({name_of(identifier): variable}).compile(node.this)
    if result in ("T", "U", "K", "V"):
        binding.types[result] = body.type
    else:
        body = coerced(body, binding.resolved(result), context.place(node))
    return Typed(f"lambda {name}: {body.sql}", body.type)


def _filled(
    overload: Overload,
    binding: Binding,
    values: list[Typed],
    modifiers: Modifiers,
    place: Any,
) -> Typed:
    kind = result_type(overload, binding, values)
    own: list[str] = []
    for index, value in enumerate(values):
        word = overload.parameter(index)
        if word == "zone":
            moments.check_zone(value, place)
        if word in _FORMATS:
            own.append(text(_FORMATS[word](value.literal or "", place)))
        elif overload.result == "same":
            own.append(value.sql)
        else:
            own.append(binding.argument(word, value).sql)
    parts: dict[str, Callable[[], str]] = {
        "d": lambda: modifiers.distinct,
        "o": lambda: modifiers.order,
        "w": lambda: modifiers.after,
        "n": lambda: modifiers.nulls,
        "type": lambda: t.duckdb(kind),
        "*||": lambda: " || ".join(own),
        "*,": lambda: ", ".join(own),
        "local0": lambda: local(values[0]),
        "bits": lambda: str(_BITS[values[0].type.name]),
        "offset": lambda: moments.offset(values[0]),
        "iso": lambda: moments.iso(values[0]),
        "there": lambda: moments.there(values[0], values[1], place),
        "trunc": lambda: moments.truncated(values[0], values[1], place),
        "add": lambda: moments.added(values[0], values[1], values[2], place),
        "diff": lambda: moments.difference(values[0], values[1], values[2], place),
        "texts": lambda: cast(values[0], t.array(t.VARCHAR), place).sql,
        "mean": lambda: _mean(own[0], kind, modifiers),
    }

    def part(match: re.Match[str]) -> str:
        word = match[1]
        return own[int(word)] if word.isdecimal() else parts[word]()

    return Typed(re.sub(r"\{([^{}]+)\}", part, overload.template), kind)


_BITS = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}


def _mean(value: str, kind: Type, modifiers: Modifiers) -> str:
    """A decimal's mean keeps its scale, rounded half up."""
    total = f"sum({modifiers.distinct}{value}){modifiers.after}"
    number = f"nullif(count({modifiers.distinct}{value}){modifiers.after}, 0)"
    quotient = f"trino_divide_half_up(trino_unscaled({total}, 0), {number})"
    return f"CAST(trino_scaled({quotient}, {kind.args[1]}) AS {t.duckdb(kind)})"


def _distinct(
    nodes: list[exp.Expr], modifiers: Modifiers, context: Context
) -> tuple[list[exp.Expr], Modifiers]:
    """DISTINCT and ORDER BY within the parentheses of an aggregate."""
    if nodes and isinstance(nodes[-1], exp.Order):
        written = order(nodes[-1].expressions, context)
        modifiers = replace(modifiers, order=f" ORDER BY {written}")
        nodes = [*nodes[:-1], nodes[-1].this]
    if nodes and isinstance(nodes[0], exp.Distinct):
        if modifiers.is_window:  # Trino knows it as little
            raise context.refuse("DISTINCT in window function parameters", nodes[0])
        modifiers = replace(modifiers, distinct="DISTINCT ")
        nodes = list(nodes[0].expressions)
    return nodes, modifiers


def _window(node: exp.Window, context: Context) -> Typed:
    inner, filtered, nulls = node.this, "", ""
    if isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls)):
        nulls = " IGNORE NULLS" if isinstance(inner, exp.IgnoreNulls) else ""
        inner = inner.this
    if isinstance(inner, exp.Filter):
        filtered, inner = _filter(inner, context), inner.this
    if not isinstance(inner, exp.Anonymous):
        raise context.refuse(node.sql(dialect="trino"), node)
    after = f"{filtered} OVER ({over(node, context)})"
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
    written = order(inner.expressions, context) if isinstance(inner, exp.Order) else ""
    return called(call, context, Modifiers(order=f" ORDER BY {written}" if written else ""))


def _named(name: str, *fields: str) -> Callable[[Any, Context], Typed]:
    """A node that sqlglot has a syntax of its own for, as the call that it is."""

    def rule(node: exp.Expr, context: Context) -> Typed:
        parts = [node.args[one] for one in fields if node.args.get(one) is not None]
        return called(exp.Anonymous(this=name, expressions=parts), context)

    return rule


def _extract(node: exp.Extract, context: Context) -> Typed:
    call = exp.Anonymous(this=node.name.lower(), expressions=[node.expression])
    return called(call, context)


def _trim(node: exp.Trim, context: Context) -> Typed:
    side = (node.args.get("position") or "BOTH").upper()
    name = {"BOTH": "trim", "LEADING": "ltrim", "TRAILING": "rtrim"}[side]
    if node.expression is None:
        return called(exp.Anonymous(this=name, expressions=[node.this]), context)
    value, signs = (
        coerced(context.compile(one), t.VARCHAR) for one in (node.this, node.expression)
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
