"""Functions with lambdas of several variables, each variable a part of the element in DuckDB."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.operators import met
from services.edge.athena.sql.trino.scope import Context, name_of
from services.edge.athena.sql.trino.special_functions import arguments, function_name, row
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type


def _body(node: exp.Expr, variables: list[Typed], context: Context) -> Typed:
    if not isinstance(node, exp.Lambda) or len(node.expressions) != len(variables):
        raise _wrong(node, f"expected a lambda of {len(variables)} variables", context)
    names = [name_of(part) for part in node.expressions]
    bound = dict(zip(names, variables, strict=True))
    return context.with_variables(bound).compile(node.this)


def _wrong(node: exp.Expr, what: str, context: Context) -> QueryError:
    return QueryError("FUNCTION_NOT_FOUND", f"Unexpected parameters: {what}", context.place(node))


def _of(node: exp.Expr, kind: str, context: Context) -> Typed:
    value = context.compile(node)
    if value.type == t.UNKNOWN:
        empty = Type(kind, of=(t.UNKNOWN,) * (1 if kind == "array" else 2))
        return Typed(f"CAST(NULL AS {t.duckdb(empty)})", empty)
    if value.type.name != kind:
        raise _wrong(node, f"expected {kind}, found {value.type}", context)
    return value


def _reduce(node: exp.Anonymous, context: Context) -> Typed:
    """The list holds {state, element} pairs, for DuckDB's state is of the elements' type."""
    list_node, start_node, step_node, end_node = arguments(node, context, 4, 4)
    values, start = _of(list_node, "array", context), context.compile(start_node)
    element, kind = values.type.of[0], start.type
    name, first, second = (context.environment.unique("v") for _ in range(3))

    def stepped() -> Typed:
        return _body(step_node, [Typed(f"{first}.s", kind), Typed(f"{second}.x", element)], context)

    step = stepped()
    if (wider := t.common(kind, step.type)) is not None and wider != kind:
        kind = wider  # the state is what both its start and each step can be
        step = stepped()
    step = coerced(step, kind, context.place(step_node))
    state, item = t.duckdb(kind), t.duckdb(element)
    pairs = (
        f"list_transform({values.sql}, lambda {name}: struct_pack(s := CAST(NULL AS {state}),"
        f" x := CAST({name} AS {item})))"
    )
    begun = f"struct_pack(s := CAST({start.sql} AS {state}), x := CAST(NULL AS {item}))"
    found = (
        f"list_reduce({pairs}, lambda {first}, {second}: struct_pack(s := CAST({step.sql} AS"
        f" {state}), x := CAST(NULL AS {item})), {begun}).s"
    )
    end = context.environment.unique("v")
    result = _body(end_node, [Typed(end, kind)], context)
    last = f"list_transform([{found}], lambda {end}: {result.sql})[1]"
    return Typed(f"CASE WHEN {values.sql} IS NOT NULL THEN {last} END", result.type)


def _zip(node: exp.Anonymous, context: Context) -> Typed:
    lists = [_of(argument, "array", context) for argument in arguments(node, context, 2, 5)]
    name = context.environment.unique("v")
    parts = [Typed(f"{name}[{at}]", values.type.of[0]) for at, values in enumerate(lists, 1)]
    return _zipped(lists, name, row(parts))


def _zip_with(node: exp.Anonymous, context: Context) -> Typed:
    *list_nodes, function = arguments(node, context, 3, 3)
    lists = [_of(part, "array", context) for part in list_nodes]
    name = context.environment.unique("v")
    parts = [Typed(f"{name}[{at}]", values.type.of[0]) for at, values in enumerate(lists, 1)]
    return _zipped(lists, name, _body(function, parts, context))


def _zipped(lists: list[Typed], name: str, body: Typed) -> Typed:
    nulls = " OR ".join(f"{values.sql} IS NULL" for values in lists)
    pairs = f"list_zip({', '.join(values.sql for values in lists)})"
    made = f"list_transform({pairs}, lambda {name}: {body.sql})"
    return Typed(f"CASE WHEN NOT ({nulls}) THEN {made} END", t.array(body.type))


def _of_entries(node: exp.Anonymous, context: Context) -> Typed:
    map_node, function = arguments(node, context, 2, 2)
    value = _of(map_node, "map", context)
    key, item = value.type.of
    name = context.environment.unique("v")
    body = _body(function, [Typed(f"{name}.k", key), Typed(f"{name}.v", item)], context)
    entries = f"trino_entries({value.sql})"
    if function_name(node) == "map_filter":
        body = coerced(body, t.BOOLEAN, context.place(function))
        kept = f"list_filter({entries}, lambda {name}: coalesce({body.sql}, false))"
        return Typed(f"trino_map_first({kept})", value.type)
    is_keys = function_name(node) == "transform_keys"
    pair = f"k := {body.sql}, v := {name}.v" if is_keys else f"k := {name}.k, v := {body.sql}"
    made = f"list_transform({entries}, lambda {name}: struct_pack({pair}))"
    of = (body.type, item) if is_keys else (key, body.type)
    return Typed(f"trino_map_of({made})", Type("map", of=of))


def _map_zip_with(node: exp.Anonymous, context: Context) -> Typed:
    first_node, second_node, function = arguments(node, context, 3, 3)
    first, second = (_of(part, "map", context) for part in (first_node, second_node))
    name = context.environment.unique("v")
    keys = [Typed(f"map_keys({value.sql})", t.array(value.type.of[0])) for value in (first, second)]
    left, right = met("=", keys[0], keys[1], context.place(node))
    parts = [
        Typed(name, left.type.of[0]),
        *(Typed(f"map_extract_value({m.sql}, {name})", m.type.of[1]) for m in (first, second)),
    ]
    body = _body(function, parts, context)
    made = (
        f"list_transform(trino_distinct({left.sql} || {right.sql}), lambda {name}:"
        f" struct_pack(k := {name}, v := {body.sql}))"
    )
    return Typed(f"trino_map_of({made})", Type("map", of=(parts[0].type, body.type)))


def regexp_replace(node: exp.Anonymous, context: Context) -> Typed:
    """Each match becomes what the lambda makes of its groups; NULL leaves nothing."""
    text_node, pattern_node, function = arguments(node, context, 3, 3)
    text, pattern = (
        coerced(context.compile(part), t.VARCHAR, context.place(part))
        for part in (text_node, pattern_node)
    )
    name = context.environment.unique("v")
    groups = Typed(f"{name}[2:]", t.array(t.VARCHAR))
    body = coerced(_body(function, [groups], context), t.VARCHAR, context.place(function))
    written = f"CASE WHEN {name} IS NOT NULL THEN {name}[1] || coalesce({body.sql}, '') END"
    pieces = f"trino_regexp_pieces({text.sql}, {pattern.sql})"
    made = f"list_transform({pieces}[:-2], lambda {name}: {written})"
    return Typed(f"(coalesce(array_to_string({made}, ''), '') || {pieces}[-1][1])", t.VARCHAR)


def _sorted(node: exp.Anonymous, context: Context) -> Typed:
    """By insertion, as the comparison is of two elements and DuckDB sorts by a key only."""
    list_node, function = arguments(node, context, 2, 2)
    values = _of(list_node, "array", context)
    element = values.type.of[0]
    one, item, found = (context.environment.unique("v") for _ in range(3))
    order = _body(function, [Typed(f"{one}.e", element), Typed(f"{item}.e", element)], context)
    order = coerced(order, t.INTEGER, context.place(function))
    # How many stand before each: those that compare as less, and the equal ones before it.
    pairs = f"list_transform({values.sql}, lambda e, i: struct_pack(e := e, i := i))"
    value = f"trino_order_checked({order.sql})"
    before = (
        f"len(list_filter({found}, lambda {one}: {one}.i <> {item}.i AND ({value} < 0 OR"
        f" ({value} = 0 AND {one}.i < {item}.i))))"
    )
    keyed = (
        f"list_transform([{pairs}], lambda {found}: list_transform({found}, lambda {item}:"
        f" struct_pack(k := {before}, i := {item}.i, e := {item}.e)))[1]"
    )
    return Typed(f"list_transform(list_sort({keyed}), lambda p: p.e)", values.type)


FUNCTIONS: dict[str, Callable[[exp.Anonymous, Context], Typed]] = {
    "reduce": _reduce,
    "zip": _zip,
    "zip_with": _zip_with,
    **dict.fromkeys(("map_filter", "transform_keys", "transform_values"), _of_entries),
    "map_zip_with": _map_zip_with,
}
# Of functions that have a form without a lambda too.
OVERLOADS: dict[str, Callable[[exp.Anonymous, Context], Typed]] = {
    "regexp_replace": regexp_replace,
    "array_sort": _sorted,
}
