"""CAST to JSON and from it, as Trino does: rows are objects with the fields' names."""

from __future__ import annotations

import json
from itertools import count

from services.edge.athena.sql.errors import Position, QueryError, not_supported
from services.edge.athena.sql.trino import clock_texts
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type

_PLAIN = (*t.INTEGERS, "boolean")
_names = count()


def written(value: Typed, place: Position | None) -> str:
    """The JSON of a value; SQL's NULL stays NULL at the top, and is null within."""
    return f"CAST({_text(value.sql, value.type, place)} AS JSON)"


def _text(sql: str, kind: Type, place: Position | None) -> str:
    name = kind.name
    if name in (*_PLAIN, "unknown", "json"):
        return f"CAST({sql} AS VARCHAR)"
    if name in t.FLOATS:
        return f"trino_json_number(trino_{name}_text({sql}))"
    if name == "decimal":
        return f"trino_decimal_cast({sql})"
    if name == "varchar":
        return f"CAST(to_json({sql}) AS VARCHAR)"
    if name == "date":
        return f"('\"' || trino_date_shown({sql}) || '\"')"
    if name == "timestamp":
        return f"('\"' || {clock_texts.shown(Typed(sql, kind))} || '\"')"
    if name in ("array", "row", "map"):
        return _container(sql, kind, place)
    raise QueryError("TYPE_MISMATCH", f"Cannot cast {kind} to json", place)


def _within(sql: str, kind: Type, place: Position | None) -> str:
    return f"coalesce({_text(sql, kind, place)}, 'null')"


def _container(sql: str, kind: Type, place: Position | None) -> str:
    name = f"j{next(_names)}"
    if kind.name == "array":
        parts = f"list_transform({sql}, lambda {name}: {_within(name, kind.of[0], place)})"
        return (
            f"('[' || coalesce(array_to_string({parts}, ','), '') || ']' || left('', len({sql})))"
        )
    if kind.name == "map":
        key = _key(f"{name}.key", kind.of[0], place)
        item = _within(f"{name}.value", kind.of[1], place)
        parts = f"list_transform(map_entries({sql}), lambda {name}: {key} || ':' || {item})"
        joined = f"coalesce(array_to_string(list_sort({parts}), ','), '')"
        return f"('{{' || {joined} || '}}' || left('', CAST(cardinality({sql}) AS BIGINT)))"
    fields = [
        f"{text(json.dumps(shown, ensure_ascii=False) + ':')} ||"
        f" {_within(f'struct_extract({sql}, {text(own)})', of, place)}"
        for shown, own, of in zip(kind.fields, t.row_fields(kind), kind.of, strict=True)
    ]
    inner = " || ',' || ".join(fields)
    return f"CASE WHEN {sql} IS NOT NULL THEN '{{' || {inner} || '}}' END"


def _key(sql: str, kind: Type, place: Position | None) -> str:
    if kind.name in (*_PLAIN, "varchar"):
        return f"CAST(to_json(CAST({sql} AS VARCHAR)) AS VARCHAR)"
    raise not_supported(f"CAST of a map with keys of {kind} to json", place)


def read(sql: str, target: Type, place: Position | None) -> str:
    """A value from JSON; what does not fit fails with INVALID_CAST_ARGUMENT."""
    name = target.name
    if name == "json":
        return sql
    if name == "boolean" or t.is_numeric(target):
        checked = f"trino_json_as({sql}, {text(name)}, {text(str(target))})"
        return f"CAST({checked} AS {t.duckdb(target)})"
    if t.is_text(target):
        return f"trino_json_text({sql})"
    if name in ("date", "timestamp"):
        checked = f"trino_{name}_text(trino_json_text({sql}))"
        return f"CAST({checked} AS {name.upper()})"
    if name not in ("array", "row", "map") or (name == "map" and not t.is_text(target.of[0])):
        raise not_supported(f"CAST of json to {target}", place)
    item = f"j{next(_names)}"
    if name == "array":
        inner = read(f"CAST({item} AS JSON)", target.of[0], place)
        found = f"trino_json_elements({sql}, {text(str(target))})"
        return f"list_transform({found}, lambda {item}: {inner})"
    if name == "map":
        inner = read(f"CAST({item}[2] AS JSON)", target.of[1], place)
        pair = f"struct_pack(k := {item}[1], v := {inner})"
        entries = f"trino_json_entries({sql}, {text(str(target))})"
        return f"trino_map_of(list_transform({entries}, lambda {item}: {pair}))"
    fields = zip(target.fields, t.row_fields(target), target.of, strict=True)
    parts = [
        f"{t.quoted(own)} := "
        + read(f"CAST(trino_json_field({item}, {text(shown)}, {at}) AS JSON)", of, place)
        for at, (shown, own, of) in enumerate(fields)
    ]
    checked = f"[trino_json_object({sql}, {text(str(target))})]"
    made = f"struct_pack({', '.join(parts)})"
    return (
        f"list_transform({checked}, lambda {item}: CASE WHEN {item} IS NOT NULL THEN {made} END)[1]"
    )
