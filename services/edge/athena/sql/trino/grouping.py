"""GROUP BY, with GROUPING SETS, CUBE and ROLLUP."""

from __future__ import annotations

from itertools import chain

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column, Context
from services.edge.athena.sql.trino.typed_sql import Typed

Item = tuple[Column, Typed]  # of a select list


def group(node: exp.Select, items: list[Item], context: Context) -> str:
    group = node.args.get("group")
    if group is None:
        return ""
    several = [group.args.get(kind) or [] for kind in ("grouping_sets", "cube", "rollup")]
    parts = [*group.expressions, *chain.from_iterable(several)]
    return f" GROUP BY {', '.join(_grouped(part, items, context) for part in parts)}"


def _grouped(node: exp.Expr, items: list[Item], context: Context) -> str:
    words: dict[type[exp.Expr], str] = {
        exp.GroupingSets: "GROUPING SETS",
        exp.Cube: "CUBE",
        exp.Rollup: "ROLLUP",
    }
    if type(node) in words:
        _check_columns(node.expressions, context)
        inner = ", ".join(_grouped(part, items, context) for part in node.expressions)
        return f"{words[type(node)]} ({inner})"
    if isinstance(node, exp.Tuple):
        return f"({', '.join(_grouped(part, items, context) for part in node.expressions)})"
    if isinstance(node, exp.Paren):
        return f"({_grouped(node.this, items, context)})"
    if isinstance(node, exp.Literal) and not node.is_string:
        if not node.name.isdecimal() or not 1 <= int(node.name) <= len(items):
            raise QueryError(
                "INVALID_COLUMN_REFERENCE",
                f"GROUP BY position {node.name} is not in select list",
                context.place(node),
            )
        return comparable(items[int(node.name) - 1][1], "GROUP BY", node, context).sql
    return comparable(context.compile(node), "GROUP BY", node, context).sql


def _check_columns(grouped: list[exp.Expr], context: Context) -> None:
    """What is grouped in several ways is named by its columns, not by expressions or numbers."""
    for part in grouped:
        if isinstance(part, exp.Tuple):
            _check_columns(part.expressions, context)
        elif isinstance(part, exp.Paren):
            _check_columns([part.this], context)
        elif not isinstance(part, (exp.Column, exp.Dot, exp.GroupingSets, exp.Cube, exp.Rollup)):
            raise QueryError(
                "INVALID_COLUMN_REFERENCE",
                "GROUP BY expression must be a column reference",
                context.place(part),
            )


def comparable(value: Typed, where: str, node: exp.Expr, context: Context) -> Typed:
    """DuckDB takes maps with another order of keys for different."""
    if t.has_map(value.type):
        raise context.refuse(f"{where} of {value.type}", node)
    return value
