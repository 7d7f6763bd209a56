"""Comparisons, logic, CASE and what else is true or false."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from services.edge.athena.sql.errors import Position, QueryError
from services.edge.athena.sql.trino import equality
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.operators import compared, met, unified
from services.edge.athena.sql.trino.scope import Context
from services.edge.athena.sql.trino.special_functions import function_name, row
from services.edge.athena.sql.trino.typed_sql import Typed

Rule = Callable[[Any, Context], Typed]


def condition(node: exp.Expr, context: Context, what: str) -> Typed:
    """`node` where true or false is needed."""
    value = context.compile(node)
    if value.type not in (t.BOOLEAN, t.UNKNOWN):
        raise QueryError(
            "TYPE_MISMATCH",
            f"{what} must evaluate to a boolean: actual type {value.type}",
            context.place(node),
        )
    return value


def _compared(sign: str) -> Rule:
    def rule(node: exp.Binary, context: Context) -> Typed:
        if isinstance(node.right, exp.Anonymous) and function_name(node.right) in _QUANTIFIERS:
            return _quantified_values(sign, node, node.right, context)
        if isinstance(node.right, (exp.Any, exp.All)):
            return _quantified(sign, node, context)
        left, right = context.compile(node.left), context.compile(node.right)
        return compared(sign, left, right, context.place(node))

    return rule


_QUANTIFIERS = ("all", "any", "some")


def _quantified(sign: str, node: exp.Binary, context: Context) -> Typed:
    word = "ANY" if isinstance(node.right, exp.Any) else "ALL"
    inner = node.right.this
    value = context.compile(inner.this if isinstance(inner, exp.Paren) else inner)
    left, right = met(sign, context.compile(node.left), value, context.place(node))
    if equality.is_special(left.type):
        raise context.refuse(f"{word} over {left.type}", node)
    return Typed(f"({left.sql} {sign} {word} {right.sql})", t.BOOLEAN)


def _quantified_values(sign: str, node: exp.Binary, call: exp.Anonymous, context: Context) -> Typed:
    """`> ALL (VALUES 1, 2)`, which sqlglot reads as a call."""
    word = "ALL" if function_name(call) == "all" else "ANY"
    if len(call.expressions) != 1 or not isinstance(call.expressions[0], exp.Values):
        raise context.refuse(f"{word} of {call.sql(dialect='trino')}", node)
    found = context.query(call.expressions[0])
    if len(found.columns) != 1:
        raise context.refuse(f"{word} over several columns", node)
    value = context.compile(node.left)
    left, right = met(sign, value, Typed("c0", found.columns[0].type), context.place(node))
    if equality.is_special(left.type):
        raise context.refuse(f"{word} over {left.type}", node)
    rows = f"SELECT {right.sql} FROM ({found.sql}) AS found"
    return Typed(f"({left.sql} {sign} {word} ({rows}))", t.BOOLEAN)


def _logical(word: str) -> Rule:
    def rule(node: exp.Connector, context: Context) -> Typed:
        what = f"Logical expression term of {word}"
        left = condition(node.left, context, what)
        right = condition(node.right, context, what)
        return Typed(f"({left.sql} {word} {right.sql})", t.BOOLEAN)

    return rule


def _not(node: exp.Not, context: Context) -> Typed:
    value = condition(node.this, context, "Value of logical NOT expression")
    return Typed(f"(NOT {value.sql})", t.BOOLEAN)


def _is(node: exp.Is, context: Context) -> Typed:
    if not isinstance(node.expression, exp.Null):
        raise context.refuse(node.sql(dialect="trino"), node)
    return Typed(f"({context.compile(node.this).sql} IS NULL)", t.BOOLEAN)


def _between(node: exp.Between, context: Context) -> Typed:
    if node.args.get("symmetric"):
        raise context.refuse("BETWEEN SYMMETRIC", node)
    value = context.compile(node.this)
    low, high = context.compile(node.args["low"]), context.compile(node.args["high"])
    place = context.place(node)
    above, below = compared(">=", value, low, place), compared("<=", value, high, place)
    return Typed(f"({above.sql} AND {below.sql})", t.BOOLEAN)


def _in(node: exp.In, context: Context) -> Typed:
    place, value = context.place(node), context.compile(node.this)
    if node.args.get("unnest") or node.args.get("field"):
        raise context.refuse(node.sql(dialect="trino"), node)
    if inner := node.args.get("query"):
        return _in_query(value, inner, node, context)
    parts = [value, *(context.compile(item) for item in node.expressions)]
    first, *others = unified(parts, "IN value and list items", place)
    return Typed(equality.among(first, others), t.BOOLEAN)


def _in_query(value: Typed, inner: exp.Expr, node: exp.In, context: Context) -> Typed:
    found = context.query(inner.this if isinstance(inner, exp.Subquery) else inner)
    kinds = [column.type for column in found.columns]
    if len(kinds) == 1 and value.type.name != "row":
        left, right = met("IN", value, Typed("c0", kinds[0]), context.place(node))
        rows = found.sql
        if right.sql != "c0":
            rows = f"SELECT {right.sql} AS c0 FROM ({rows}) AS found"
        if equality.is_special(left.type):
            return Typed(equality.among_rows(left, rows), t.BOOLEAN)
        return Typed(f"({left.sql} IN ({rows}))", t.BOOLEAN)
    if value.type.name != "row" or len(value.type.of) != len(kinds):
        raise QueryError(
            "TYPE_MISMATCH",
            "Value expression and result of subquery must be of the same type:"
            f" {value.type} vs row({', '.join(map(str, kinds))})",
            context.place(node),
        )
    packed = row([Typed(f"c{index}", kind) for index, kind in enumerate(kinds)])
    left, right = met("IN", value, packed, context.place(node))
    rows = f"SELECT {right.sql} AS c0 FROM ({found.sql})"
    return Typed(equality.among_rows(left, rows), t.BOOLEAN)


def _like(node: exp.Like, context: Context) -> Typed:
    pair = [context.compile(side) for side in (node.this, node.expression)]
    if not all(t.is_text(side.type) or side.type == t.UNKNOWN for side in pair):
        other = next(side for side in pair if not t.is_text(side.type))
        raise QueryError(
            "TYPE_MISMATCH",
            f"Left side of LIKE expression must evaluate to a varchar (actual: {other.type})",
            context.place(node),
        )
    word = "NOT LIKE" if node.args.get("negate") else "LIKE"
    return Typed(f"({pair[0].sql} {word} {pair[1].sql})", t.BOOLEAN)


def _escape(node: exp.Escape, context: Context) -> Typed:
    like = context.compile(node.this)
    sign = coerced(context.compile(node.expression), t.VARCHAR, context.place(node))
    pattern = context.compile(node.this.expression)
    if sign.literal is not None and pattern.literal is not None:
        _check_escapes(pattern.literal, sign.literal, context.place(node))
    return Typed(f"({like.sql[1:-1]} ESCAPE {sign.sql})", t.BOOLEAN)


def _check_escapes(pattern: str, sign: str, place: Position | None) -> None:
    if len(sign) != 1:
        raise QueryError("INVALID_FUNCTION_ARGUMENT", "Escape string must be a single character")
    rest = pattern.replace(sign * 2, "")
    if any(after not in ("%", "_") for after in _after_each(sign, rest)):
        raise QueryError(
            "INVALID_FUNCTION_ARGUMENT",
            "Escape character must be followed by '%', '_' or the escape character itself",
            place,
        )


def _after_each(sign: str, text: str) -> list[str]:
    return [text[at + 1 : at + 2] for at, one in enumerate(text) if one == sign]


def _exists(node: exp.Exists, context: Context) -> Typed:
    inner = node.this.this if isinstance(node.this, exp.Subquery) else node.this
    return Typed(f"EXISTS ({context.query(inner).sql})", t.BOOLEAN)


def _case(node: exp.Case, context: Context) -> Typed:
    operand = context.compile(node.this) if node.this is not None else None
    tests: list[str] = []
    for branch in node.args["ifs"]:
        if operand is None:
            tests.append(condition(branch.this, context, "CASE WHEN clause").sql)
        else:
            test = context.compile(branch.this)
            tests.append(compared("=", operand, test, context.place(branch)).sql)
    results = [context.compile(branch.args["true"]) for branch in node.args["ifs"]]
    default = node.args.get("default")
    results.append(context.compile(default) if default is not None else Typed("NULL", t.UNKNOWN))
    *chosen, otherwise = unified(results, "All CASE results", context.place(node))
    whens = "".join(
        f" WHEN {test} THEN {result.sql}" for test, result in zip(tests, chosen, strict=True)
    )
    return Typed(f"CASE{whens} ELSE {otherwise.sql} END", otherwise.type)


def _if(node: exp.If, context: Context) -> Typed:
    test = condition(node.this, context, "IF condition")
    otherwise = node.args.get("false")
    results = [context.compile(node.args["true"])]
    results.append(
        context.compile(otherwise) if otherwise is not None else Typed("NULL", t.UNKNOWN)
    )
    yes, no = unified(results, "Result types for IF", context.place(node))
    return Typed(f"CASE WHEN {test.sql} THEN {yes.sql} ELSE {no.sql} END", yes.type)


RULES: dict[type, Rule] = {
    exp.EQ: _compared("="),
    exp.NEQ: _compared("<>"),
    exp.LT: _compared("<"),
    exp.LTE: _compared("<="),
    exp.GT: _compared(">"),
    exp.GTE: _compared(">="),
    exp.NullSafeNEQ: _compared("IS DISTINCT FROM"),
    exp.NullSafeEQ: _compared("IS NOT DISTINCT FROM"),
    exp.And: _logical("AND"),
    exp.Or: _logical("OR"),
    exp.Not: _not,
    exp.Is: _is,
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.Escape: _escape,
    exp.Exists: _exists,
    exp.Case: _case,
    exp.If: _if,
}
