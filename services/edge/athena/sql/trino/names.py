"""Names: the columns, fields of rows and variables of lambdas that they mean."""

from __future__ import annotations

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Context, name_of
from services.edge.athena.sql.trino.typed_sql import Typed, text


def column(node: exp.Column, context: Context) -> Typed:
    names = [name_of(part) for part in node.parts]
    if isinstance(node.this, exp.Star):
        raise context.refuse("* in an expression", node)
    if names[0] in context.variables:
        return _dereferenced(context.variables[names[0]], names[1:], node, context)
    for length in range(len(names), 0, -1):  # the longest name wins; the rest are fields of a row
        found = context.found(names[:length])
        if len(found) > 1:
            shown = ".".join(names[:length])
            raise QueryError(
                "AMBIGUOUS_NAME", f"Column '{shown}' is ambiguous", context.place(node)
            )
        if found:
            return _dereferenced(found[0].value, names[length:], node, context)
    raise _unresolved(".".join(names), node, context)


# Words of Trino's that sqlglot reads as names of columns.
_WORDS = ("current_schema", "current_path", "current_catalog", "current_user", "current_time")


def _unresolved(name: str, node: exp.Expr, context: Context) -> QueryError:
    if name in _WORDS:
        return context.refuse(name, node)
    return QueryError(
        "COLUMN_NOT_FOUND",
        f"Column '{name}' cannot be resolved or requester is not authorized to access requested"
        " resources",
        context.place(node),
    )


def _dereferenced(value: Typed, names: list[str], node: exp.Expr, context: Context) -> Typed:
    for name in names:
        fields = [field.lower() for field in value.type.fields]
        if value.type.name != "row" or name not in fields:
            raise _unresolved(node.sql(dialect="trino"), node, context)
        if fields.count(name) > 1:
            raise QueryError(
                "AMBIGUOUS_NAME", f"Ambiguous row field reference: {name}", context.place(node)
            )
        value = _field(value, fields.index(name))
    return value


def identifier(node: exp.Identifier, context: Context) -> Typed:
    name = name_of(node)
    if name in context.variables:
        return context.variables[name]
    return column(exp.Column(this=node), context)


def dot(node: exp.Dot, context: Context) -> Typed:
    value = context.compile(node.this)
    if not isinstance(node.expression, exp.Identifier):
        raise context.refuse(node.sql(dialect="trino"), node)
    return _dereferenced(value, [name_of(node.expression)], node, context)


def field_at(value: Typed, index: exp.Expr, context: Context) -> Typed:
    count, place = len(value.type.of), context.place(index.parent or index)
    if not isinstance(index, exp.Literal) or index.is_string or not index.name.isdecimal():
        raise QueryError("EXPRESSION_NOT_CONSTANT", "Subscript of a row must be a number", place)
    at = int(index.name)
    if not 1 <= at <= count:
        raise QueryError(
            "INVALID_FUNCTION_ARGUMENT", f"ROW index out of bounds: {at} of {count}", place
        )
    return _field(value, at - 1)


def _field(value: Typed, index: int) -> Typed:
    own = t.row_fields(value.type)[index]
    return Typed(f"struct_extract({value.sql}, {text(own)})", value.type.of[index])
