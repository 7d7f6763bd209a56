"""ORDER BY lists and window specifications."""

from __future__ import annotations

from sqlglot import exp

from services.edge.athena.sql.errors import Position, QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Context, name_of
from services.edge.athena.sql.trino.types import Type


def order(items: list[exp.Expr], context: Context) -> str:
    """Trino puts NULL last whatever the direction, unless the query says so."""
    written = []
    for item in items:
        value = context.compile(item.this)
        check_orderable(value.type, context.place(item.this))
        written.append(f"{value.sql}{direction(item)}")
    return ", ".join(written)


def position_of(node: exp.Literal, count: int, context: Context) -> str:
    if not node.name.isdecimal() or not 1 <= int(node.name) <= count:
        raise QueryError(
            "INVALID_COLUMN_REFERENCE",
            f"ORDER BY position {node.name} is not in select list",
            context.place(node),
        )
    return str(node.name)


def check_orderable(kind: Type, place: Position | None) -> None:
    if not t.is_orderable(kind):
        raise QueryError(
            "TYPE_MISMATCH",
            f"Type {kind} is not orderable, and therefore cannot be used in ORDER BY",
            place,
        )


def direction(item: exp.Expr) -> str:
    first = item.args.get("nulls_first")
    return f"{' DESC' if item.args.get('desc') else ' ASC'} NULLS {'FIRST' if first else 'LAST'}"


def over(node: exp.Window, context: Context) -> str:
    """What stands in the parentheses after OVER."""
    if reference := node.args.get("alias"):
        raise QueryError(
            "INVALID_WINDOW_REFERENCE",
            f"Cannot resolve WINDOW name {name_of(reference)}",
            context.place(reference),
        )
    if node.args.get("over") not in ("OVER", None):
        raise context.refuse(f"{node.args['over']} after a call", node)
    parts = []
    if partition := node.args.get("partition_by"):
        parts.append(f"PARTITION BY {', '.join(context.compile(part).sql for part in partition)}")
    if ordered := node.args.get("order"):
        parts.append(f"ORDER BY {order(ordered.expressions, context)}")
    if spec := node.args.get("spec"):
        parts.append(_frame(spec, context))
    return " ".join(parts)


def _frame(spec: exp.WindowSpec, context: Context) -> str:
    if spec.args.get("exclude"):
        raise context.refuse("EXCLUDE in a window frame", spec)
    start = _bound(spec.args.get("start"), spec.args.get("start_side"), context)
    end = _bound(spec.args.get("end"), spec.args.get("end_side"), context) or "CURRENT ROW"
    return f"{str(spec.args['kind']).upper()} BETWEEN {start} AND {end}"


def _bound(value: str | exp.Expr | None, side: str | None, context: Context) -> str:
    if value is None:
        return ""
    written = context.compile(value).sql if isinstance(value, exp.Expr) else str(value)
    return f"{written} {str(side).upper()}" if side else written
