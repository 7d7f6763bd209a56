"""Expressions of Athena's SQL in DuckDB's, with their types; what has no rule is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import call_forms, conditions, literals, names
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.arithmetic import arithmetic, negated
from services.edge.athena.sql.trino.casts import cast, coerced
from services.edge.athena.sql.trino.operators import concatenated, unified
from services.edge.athena.sql.trino.scope import Context
from services.edge.athena.sql.trino.special_functions import row
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type

Rule = Callable[[Any, Context], Typed]


def compiled(node: exp.Expr, context: Context) -> Typed:
    rule = _RULES.get(type(node))
    if rule is None:
        raise context.refuse(f"{type(node).__name__} ({node.sql(dialect='trino')})", node)
    _check_read(node, context)
    return rule(node, context)


def _check_read(node: exp.Expr, context: Context) -> None:
    """A part of a node that no rule reads would be dropped without a word: it is refused."""
    read = _READ.get(type(node))
    for name, value in node.args.items():
        is_required = node.arg_types.get(name)
        if value and read is not None and not is_required and name not in read:
            raise context.refuse(f"{name.upper()} in {node.sql(dialect='trino')}", node)


def _bracket(node: exp.Bracket, context: Context) -> Typed:
    value = context.compile(node.this)
    if len(node.expressions) != 1 or isinstance(node.expressions[0], exp.Slice):
        raise context.refuse("A subscript of more than one value", node)
    if value.type.name == "row":
        return names.field_at(value, node.expressions[0], context)
    index = context.compile(node.expressions[0])
    if value.type.name == "array":
        at = coerced(index, t.BIGINT, context.place(node))
        return Typed(f"trino_subscript({value.sql}, {at.sql})", value.type.of[0])
    if value.type.name == "map":
        key = coerced(index, value.type.of[0], context.place(node))
        return Typed(f"trino_map_subscript({value.sql}, {key.sql})", value.type.of[1])
    raise QueryError(
        "TYPE_MISMATCH", f"Cannot apply subscript to {value.type}", context.place(node)
    )


def _array(node: exp.Array, context: Context) -> Typed:
    values = unified(
        [context.compile(part) for part in node.expressions], "ARRAY elements", context.place(node)
    )
    kind = values[0].type if values else t.UNKNOWN
    return Typed(f"[{', '.join(value.sql for value in values)}]", t.array(kind))


def _arithmetic(sign: str) -> Rule:
    def rule(node: exp.Binary, context: Context) -> Typed:
        left, right = context.compile(node.left), context.compile(node.right)
        return arithmetic(sign, left, right, context.place(node))

    return rule


def _concatenated(node: exp.DPipe, context: Context) -> Typed:
    left, right = context.compile(node.left), context.compile(node.right)
    return concatenated(left, right, context.place(node))


def _negated(node: exp.Neg, context: Context) -> Typed:
    inner = node.this
    if isinstance(inner, exp.Literal) and not inner.is_string and inner.name.isdecimal():
        return literals.whole_number(-int(inner.name), context.place(node))
    return negated(context.compile(node.this), context.place(node))


def _cast(node: exp.Cast, context: Context) -> Typed:
    target = literals.type_of(node.to, context)
    value = context.compile(node.this)
    if literals.is_literal(node, context):
        return literals.of_word(node, target, context)
    return cast(value, target, context.place(node))


def _try_cast(node: exp.TryCast, context: Context) -> Typed:
    value = cast(
        context.compile(node.this), literals.type_of(node.to, context), context.place(node)
    )
    return Typed(f"TRY({value.sql})", value.type)


def _at_time_zone(node: exp.AtTimeZone, context: Context) -> Typed:
    value = context.compile(node.this)
    wanted = Type(t.TZ, value.type.args or t.TIMESTAMP_TZ.args)
    value = coerced(value, wanted, context.place(node))
    zone = context.compile(node.args["zone"])
    if zone.literal is None:
        raise context.refuse("A time zone that is not a literal", node)
    return literals.shown_in(value, zone.literal, context.place(node))


def _subquery(node: exp.Subquery | exp.Select, context: Context) -> Typed:
    inner = node.this if isinstance(node, exp.Subquery) else node
    found = context.query(inner)
    if len(found.columns) != 1:
        raise context.refuse("A subquery of several columns as one value", node)
    return Typed(f"({found.sql})", found.columns[0].type)


def _paren(node: exp.Paren, context: Context) -> Typed:
    value = context.compile(node.this)
    return Typed(f"({value.sql})", value.type, value.literal)


def _row(node: exp.Tuple, context: Context) -> Typed:
    return row([context.compile(part) for part in node.expressions])


# The optional parts that the rules of a node read.
_READ: dict[type, tuple[str, ...]] = {
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.DPipe, exp.Neg, exp.Paren), ()),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.And, exp.Or), ()),
    **dict.fromkeys((exp.Not, exp.Is, exp.Escape, exp.Dot, exp.Filter, exp.Extract), ()),
    **{exp.Array: ("expressions", "bracket_notation"), exp.Tuple: ("expressions",)},
    **{exp.Cast: (), exp.TryCast: ("requires_string", "safe"), exp.Div: ("typed", "safe")},
    **{exp.Like: ("negate",), exp.In: ("expressions", "query", "unnest", "field")},
    **{exp.Between: ("symmetric",), exp.Case: ("this", "default"), exp.If: ("false",)},
    **{exp.Window: ("partition_by", "order", "spec", "over", "alias")},
    **{exp.GroupConcat: ("separator",), exp.Trim: ("expression", "position")},
    **{exp.Substring: ("start", "length"), exp.StrPosition: (), exp.Anonymous: ("expressions",)},
    **{exp.Bracket: ("offset",), exp.Interval: ("this", "unit")},
}
_RULES: dict[type, Rule] = {
    exp.Column: names.column,
    exp.Identifier: names.identifier,
    exp.Dot: names.dot,
    exp.Bracket: _bracket,
    exp.Array: _array,
    exp.Tuple: _row,
    exp.Paren: _paren,
    exp.Add: _arithmetic("+"),
    exp.Sub: _arithmetic("-"),
    exp.Mul: _arithmetic("*"),
    exp.Div: _arithmetic("/"),
    exp.Mod: _arithmetic("%"),
    exp.DPipe: _concatenated,
    exp.Neg: _negated,
    exp.Cast: _cast,
    exp.TryCast: _try_cast,
    exp.AtTimeZone: _at_time_zone,
    exp.Subquery: _subquery,
    exp.Select: _subquery,
    **literals.RULES,
    **conditions.RULES,
    **call_forms.RULES,
}
