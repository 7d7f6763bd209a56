"""One SELECT: its items, conditions, groups and order."""

from __future__ import annotations

import re

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino.conditions import condition
from services.edge.athena.sql.trino.from_clause import from_clause
from services.edge.athena.sql.trino.grouping import Item, comparable, group
from services.edge.athena.sql.trino.limits import limits
from services.edge.athena.sql.trino.named_windows import with_windows_written_out
from services.edge.athena.sql.trino.scope import Column, Context, Query, name_of
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.windows import check_orderable, direction, position_of

# Clauses of other dialects, or of Trino but without a rule here.
_UNAVAILABLE = (
    *("laterals", "qualify", "distribute", "sort", "cluster", "connect", "match"),
    *("into", "locks", "settings", "format", "options", "prewhere", "pivots", "hint"),
    "kind",
)


def select(node: exp.Select, context: Context) -> Query:
    """Bound to the fields of its relations, then each clause typed, then written in order."""
    _check(node, context)
    source, fields = from_clause(node, context)
    context = context.with_fields(fields)
    node = with_windows_written_out(node, context)
    where = _filter(node, "where", context)
    items = _items(node, context)
    grouped = group(node, items, context)
    having = _filter(node, "having", context)
    order = _order(node, items, context)
    ties, limited = _ties(node, order, context)
    distinct = _distinct(node, items, context)
    selected = ", ".join(f"{value.sql} AS c{index}" for index, (_, value) in enumerate(items))
    return Query(
        f"SELECT {distinct}{selected}{source}{where}{grouped}{having}{ties}"
        f"{order}{limits(limited, context)}",
        [column for column, _ in items],
    )


def _filter(node: exp.Select, clause: str, context: Context) -> str:
    """WHERE or HAVING."""
    found, word = node.args.get(clause), clause.upper()
    return f" {word} {condition(found.this, context, f'{word} clause').sql}" if found else ""


def _distinct(node: exp.Select, items: list[Item], context: Context) -> str:
    distinct = node.args.get("distinct")
    if distinct is None:
        return ""
    if distinct.args.get("on"):
        raise context.refuse("DISTINCT ON", node)
    for _, value in items:
        comparable(value, "DISTINCT", node, context)
    return "DISTINCT "


def _ties(node: exp.Select, order: str, context: Context) -> tuple[str, exp.Select]:
    """FETCH FIRST n ROWS WITH TIES as a test of the rank, and the query without it."""
    limit = node.args.get("limit")
    options = limit.args.get("limit_options") if limit else None
    if limit is None or not options or not options.args.get("with_ties"):
        return "", node
    place = context.place(node)
    if not order:
        raise QueryError(
            "MISSING_ORDER_BY", "FETCH FIRST WITH TIES clause requires ORDER BY", place
        )
    if node.args.get("distinct") or node.args.get("offset") or node.args.get("group"):
        raise context.refuse("FETCH FIRST WITH TIES with OFFSET, GROUP BY or DISTINCT", node)
    # A place in the select list is that column's alias in a window.
    order = re.sub(r"(BY |, )(\d+)(?= (?:ASC|DESC))", lambda m: f"{m[1]}c{int(m[2]) - 1}", order)
    count = limit.args.get("count")
    test = f" QUALIFY rank() OVER ({order.strip()}) <= {count.name if count else 1}"
    kept = node.copy()
    kept.set("limit", None)
    return test, kept


def _check(node: exp.Select, context: Context) -> None:
    for name in _UNAVAILABLE:
        if node.args.get(name):
            raise context.refuse(name.upper(), node)
    where = node.args.get("where")
    if where is not None and where.find(exp.Window):
        raise QueryError(
            "EXPRESSION_NOT_SCALAR",
            "WHERE clause cannot contain aggregations, window functions or grouping operations",
            context.place(where),
        )


def _items(node: exp.Select, context: Context) -> list[Item]:
    items: list[Item] = []
    for part in node.expressions:
        inner = part.this if isinstance(part, exp.Alias) else part
        if isinstance(inner, exp.Star) or (
            isinstance(inner, exp.Column) and isinstance(inner.this, exp.Star)
        ):
            items.extend(_star(inner, context))
            continue
        value = context.compile(inner)
        name = name_of(part.args["alias"]) if isinstance(part, exp.Alias) else _own_name(inner)
        items.append((Column(name, value.type), value))
    return items


def _own_name(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Column):
        return name_of(node.this)
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Identifier):
        # A field of a name has its own; one of a call or CAST has none.
        of_a_name = _own_name(node.this.unnest()) is not None
        return name_of(node.expression) if of_a_name else None
    return None


def _star(node: exp.Expr, context: Context) -> list[Item]:
    star = node.this if isinstance(node, exp.Column) else node
    if any(star.args.get(name) for name in ("except_", "except", "replace", "rename")):
        raise context.refuse("* with changes", node)
    fields = [field for field in context.fields if not field.hidden]
    if isinstance(node, exp.Column):
        wanted = name_of(node.args["table"])
        fields = [field for field in fields if field.relation == wanted]
        if not fields:
            raise QueryError(
                "TABLE_NOT_FOUND", f"Unable to resolve reference {wanted}", context.place(node)
            )
    if not fields:
        raise QueryError("COLUMN_NOT_FOUND", "SELECT * not allowed in queries without FROM clause")
    seen: set[str] = set()
    items = []
    for field in fields:  # a column of USING stands in several relations, and once in *
        key = field.value.sql if field.relation is None else ""
        if not key or key not in seen:
            items.append((Column(field.name, field.value.type), field.value))
        seen.add(key)
    return items


def _order(node: exp.Select, items: list[Item], context: Context) -> str:
    ordered = node.args.get("order")
    if ordered is None:
        return ""
    return " ORDER BY " + ", ".join(
        f"{_ordered(item.this, items, context)}{direction(item)}" for item in ordered.expressions
    )


def _ordered(node: exp.Expr, items: list[Item], context: Context) -> str:
    """Names of the select list come first in ORDER BY, then those of the relations."""
    _check_unambiguous(node, items, context)
    if isinstance(node, exp.Literal) and not node.is_string:
        place = position_of(node, len(items), context)
        return _by(items[int(place) - 1][1], place, node, context)
    if isinstance(node, exp.Column) and len(node.parts) == 1:
        matches = [i for i, (column, _) in enumerate(items, 1) if column.name == name_of(node)]
        if matches:
            return _by(items[matches[0] - 1][1], str(matches[0]), node, context)
    named = {column.name: value for column, value in items if column.name is not None}
    known = {field.name for field in context.fields}
    aliases = {name: value for name, value in named.items() if name not in known}
    value = context.with_variables(aliases).compile(node)
    whole = node.find_ancestor(exp.Select)
    if (
        whole is not None
        and whole.args.get("distinct")
        and value.sql not in [item.sql for _, item in items]
    ):
        raise QueryError(
            "EXPRESSION_NOT_IN_DISTINCT",
            "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
            context.place(node),
        )
    return _by(value, value.sql, node, context)


def _check_unambiguous(node: exp.Expr, items: list[Item], context: Context) -> None:
    names, whole = [column.name for column, _ in items], node.find_ancestor(exp.Select)
    for column in node.find_all(exp.Column):
        if column.find_ancestor(exp.Select) is not whole:
            continue
        if len(column.parts) == 1 and names.count(name_of(column)) > 1:
            raise QueryError(
                "AMBIGUOUS_NAME", f"Column '{name_of(column)}' is ambiguous", context.place(column)
            )


def _by(value: Typed, sql: str, node: exp.Expr, context: Context) -> str:
    check_orderable(value.type, context.place(node))
    return sql
