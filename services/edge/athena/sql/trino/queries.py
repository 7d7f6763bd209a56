"""Queries: SELECT, VALUES, WITH and set operations; each becomes SQL with columns c0, c1 ..."""

from __future__ import annotations

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.limits import limits
from services.edge.athena.sql.trino.operators import one_zone, unified
from services.edge.athena.sql.trino.recursion import recursive
from services.edge.athena.sql.trino.scope import Column, Context, Query, name_of, renamed
from services.edge.athena.sql.trino.selects import select
from services.edge.athena.sql.trino.special_functions import function_name
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.windows import check_orderable, direction, position_of


def query(node: exp.Expr, outer: Context) -> Query:
    """`outer` is where the query stands; its names are seen from within."""
    context = outer.inner([])
    if with_ := node.args.get("with_"):
        _add_tables(with_, context)
    if isinstance(node, exp.Select):
        return select(node, context)
    if isinstance(node, exp.SetOperation):
        return _tail(_combined(node, context), node, context)
    if isinstance(node, exp.Values):
        return _tail(values(node, context), node, context)
    if isinstance(node, exp.Subquery) and not node.args.get("alias"):
        return _tail(query(node.this, context), node, context)
    raise context.refuse(type(node).__name__, node)


def _add_tables(with_: exp.Expr, context: Context) -> None:
    for cte in with_.expressions:
        found = recursive(cte, context) if with_.args.get("recursive") else None
        if found is not None:
            context.tables[name_of(cte.args["alias"].this)] = found
            continue
        found = query(cte.this, context)
        names = [name_of(column) for column in cte.args["alias"].args.get("columns") or []]
        context.tables[name_of(cte.args["alias"].this)] = renamed(found, names, cte, context)


def values(node: exp.Values, context: Context) -> Query:
    rows = []
    for part in node.expressions:
        rows.append(_row(part.expressions if isinstance(part, exp.Tuple) else [part], context))
    if len({len(row) for row in rows}) != 1:
        raise QueryError("TYPE_MISMATCH", "Values rows have mismatched sizes", context.place(node))
    place = context.place(node)
    columns = [unified(list(column), "Values rows", place) for column in zip(*rows, strict=True)]
    written = ", ".join(
        f"({', '.join(_typed(value) for value in row)})" for row in zip(*columns, strict=True)
    )
    names = ", ".join(f"c{index}" for index in range(len(columns)))
    alias = context.environment.unique("r")
    return Query(
        f"SELECT {names} FROM (VALUES {written}) AS {alias}({names})",
        [Column(None, column[0].type) for column in columns],
    )


def _row(parts: list[exp.Expr], context: Context) -> list[Typed]:
    """ROW(1, 2) alone stands for the columns, as (1, 2) does."""
    if len(parts) == 1 and isinstance(parts[0], exp.Anonymous) and function_name(parts[0]) == "row":
        parts = parts[0].expressions
        return [context.compile(part) for part in parts]
    values = [context.compile(part) for part in parts]
    if len(values) == 1 and values[0].type.name == "row":
        raise context.refuse(f"VALUES of {values[0].type}", parts[0])
    return values


def _typed(value: Typed) -> str:
    return f"CAST({value.sql} AS {t.duckdb(value.type)})"


def _combined(node: exp.SetOperation, context: Context) -> Query:
    word = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}[type(node)]
    if not node.args.get("distinct"):
        word += " ALL"
    left, right = query(node.left, context), query(node.right, context)
    if len(left.columns) != len(right.columns):
        raise QueryError(
            "TYPE_MISMATCH",
            f"{word.split()[0]} query has different number of fields:"
            f" {len(left.columns)}, {len(right.columns)}",
            context.place(node),
        )
    columns = []
    for index, (a, b) in enumerate(zip(left.columns, right.columns, strict=True), 1):
        kind = t.common(a.type, b.type)
        if kind is None:
            raise QueryError(
                "TYPE_MISMATCH",
                f"column {index} in {word.split()[0]} query has incompatible types:"
                f" {a.type}, {b.type}",
                context.place(node),
            )
        one_zone([Typed("", a.type), Typed("", b.type)], context.place(node))
        if t.has_map(kind) and not word.endswith("ALL"):
            raise context.refuse(f"{word} of {kind}", node)
        columns.append(Column(a.name, kind))
    sides = [_as(side, columns, context) for side in (left, right)]
    return Query(f"({sides[0]}) {word} ({sides[1]})", columns)


def _as(found: Query, columns: list[Column], context: Context) -> str:
    """The query with its columns turned into the types of `columns`."""
    alias = context.environment.unique("r")
    pairs = zip(found.columns, columns, strict=True)
    items = [
        f"{coerced(Typed(f'{alias}.c{index}', own.type), wanted.type).sql} AS c{index}"
        for index, (own, wanted) in enumerate(pairs)
    ]
    return f"SELECT {', '.join(items)} FROM ({found.sql}) AS {alias}"


def _tail(found: Query, node: exp.Expr, context: Context) -> Query:
    """ORDER BY, OFFSET and LIMIT after a set operation, which see its columns only."""
    ordered = node.args.get("order")
    items = []
    for item in ordered.expressions if ordered else []:
        number = _ordinal(item.this, found, context)
        check_orderable(found.columns[int(number) - 1].type, context.place(item.this))
        items.append(f"{number}{direction(item)}")
    sql = f"SELECT * FROM ({found.sql}) AS {context.environment.unique('r')}"
    if items:
        sql += f" ORDER BY {', '.join(items)}"
    tail = limits(node, context)
    return Query(sql + tail, found.columns) if items or tail else found


def _ordinal(node: exp.Expr, found: Query, context: Context) -> str:
    if isinstance(node, exp.Literal) and not node.is_string:
        return position_of(node, len(found.columns), context)
    if isinstance(node, exp.Column) and len(node.parts) == 1:
        names = [column.name for column in found.columns]
        if names.count(name_of(node)) > 1:
            raise QueryError(
                "AMBIGUOUS_NAME", f"Column '{name_of(node)}' is ambiguous", context.place(node)
            )
        if name_of(node) in names:
            return str(names.index(name_of(node)) + 1)
    raise context.refuse("An expression in ORDER BY of a set operation", node)
