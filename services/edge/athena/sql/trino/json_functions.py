"""The calls of SQL/JSON, whose words `json_syntax` has made arguments."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlglot import exp

from services.edge.athena.sql.duckdb.json_functions import DEFAULT
from services.edge.athena.sql.duckdb.json_paths import parsed
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import json_casts
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import cast, coerced
from services.edge.athena.sql.trino.scope import Context
from services.edge.athena.sql.trino.typed_sql import Typed, text


class _Call:
    """A call's options, its value and path as DuckDB's SQL, and what else it has."""

    def __init__(self, node: exp.Anonymous, context: Context) -> None:
        options, *nodes = node.expressions
        self.options: dict[str, str] = json.loads(options.name)
        self.nodes, self.node, self.context = nodes, node, context

    @property
    def extra(self) -> list[exp.Expr]:
        return self.nodes[2:]

    def value_and_path(self) -> tuple[str, str]:
        value = self.context.compile(self.nodes[0])
        place = self.context.place(self.node)
        if value.type != t.JSON:
            value = coerced(value, t.VARCHAR, place)
        path = self.nodes[1].name
        try:
            parsed(path)
        except ValueError as error:
            if str(error).startswith("NOT_SUPPORTED"):
                raise self.context.refuse("like_regex in a JSON path", self.node) from error
            raise QueryError("SYNTAX_ERROR", f"Invalid JSON path: {error}", place) from error
        return f"CAST({value.sql} AS VARCHAR)", text(path)

    def option(self, name: str, otherwise: str) -> str:
        return text(self.options.get(name, otherwise))


def _exists(node: exp.Anonymous, context: Context) -> Typed:
    call = _Call(node, context)
    value, path = call.value_and_path()
    found = f"trino_json_exists({value}, {path}, {call.option('error', 'false')})"
    return Typed(f"CAST({found} AS BOOLEAN)", t.BOOLEAN)


def _query(node: exp.Anonymous, context: Context) -> Typed:
    call = _Call(node, context)
    value, path = call.value_and_path()
    if "returning" in call.options:
        raise context.refuse("json_query with RETURNING", node)
    options = (("wrapper", "without"), ("quotes", "keep"), ("empty", "null"), ("error", "null"))
    written = ", ".join(call.option(name, otherwise) for name, otherwise in options)
    return Typed(f"trino_json_query({value}, {path}, {written})", t.VARCHAR)


def _value(node: exp.Anonymous, context: Context) -> Typed:
    call = _Call(node, context)
    value, path = call.value_and_path()
    place = context.place(node)
    kind = t.VARCHAR
    if "returning" in call.options:
        kind = context.compile(call.extra[int(call.options["returning"])]).type
    shape = "whole" if kind.name in t.INTEGERS else kind.name
    options = [text(shape), call.option("empty", "null"), call.option("error", "null")]
    found = f"trino_json_value({value}, {path}, {', '.join(options)})"
    result = cast(Typed("found", t.VARCHAR), kind, place).sql
    if call.options.get("error", "null") != "error":
        result = f"TRY({result})"
    cases = ""
    for when in ("empty", "error"):
        if (at := call.options.get(f"{when} default")) is not None:
            other = coerced(context.compile(call.extra[int(at)]), kind, place)
            cases += f" WHEN found = '{DEFAULT}{when}' THEN {other.sql}"
    if cases:
        result = f"CASE{cases} ELSE {result} END"
    return Typed(f"list_transform([{found}], lambda found: {result})[1]", kind)


def _values(call: _Call, nodes: list[exp.Expr], first: int, step: int) -> str:
    """The values as JSON, NULL where there is none."""
    formatted = call.options["json"].split(",")
    place = call.context.place(call.node)
    written = []
    for at, node in enumerate(nodes):
        value = call.context.compile(node)
        is_json = str(first + at * step) in formatted
        if is_json:
            written.append(f"trino_json_parsed({coerced(value, t.VARCHAR, place).sql})")
        elif value.type == t.UNKNOWN:
            written.append("NULL")
        elif value.type.of:
            raise call.context.refuse(f"{value.type} within JSON", node)
        elif value.type == t.JSON:  # a text, unless FORMAT JSON says that it is none
            written.append(f"CAST(to_json(CAST({value.sql} AS VARCHAR)) AS VARCHAR)")
        else:
            written.append(f"CAST({json_casts.written(value, place)} AS VARCHAR)")
    return f"CAST([{', '.join(written)}] AS VARCHAR[])"


def _object(node: exp.Anonymous, context: Context) -> Typed:
    call = _Call(node, context)
    place = context.place(node)
    keys = [context.compile(key) for key in call.nodes[::2]]
    if any(not t.is_text(key.type) for key in keys):
        told = "Invalid type of JSON object key. Expected: character string"
        raise QueryError("INVALID_FUNCTION_ARGUMENT", told, place)
    names = f"CAST([{', '.join(key.sql for key in keys)}] AS VARCHAR[])"
    values = _values(call, call.nodes[1::2], 1, 2)
    unique = text("unique" if call.options.get("unique") == "with" else "")
    nulls = call.option("nulls", "null")
    return Typed(f"trino_json_object_of({names}, {values}, {nulls}, {unique})", t.VARCHAR)


def _array(node: exp.Anonymous, context: Context) -> Typed:
    call = _Call(node, context)
    values = _values(call, call.nodes, 0, 1)
    return Typed(f"trino_json_array_of({values}, {call.option('nulls', 'absent')})", t.VARCHAR)


FUNCTIONS: dict[str, Callable[[exp.Anonymous, Context], Typed]] = {
    "json_exists": _exists,
    "json_query": _query,
    "json_value": _value,
    "json_object": _object,
    "json_array": _array,
}
