"""Values out of texts, as DuckDB's expressions: NULL where Hive reads NULL, or an error."""

from __future__ import annotations

from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column
from services.edge.athena.sql.trino.types import Type

_INTEGER = "[+-]?[0-9]+"
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
# What each type is written like; all else is NULL.
_FORMS = {
    **{name: _INTEGER for name in t.INTEGERS},
    **{name: f"({_NUMBER}|NaN|[+-]?Infinity)" for name in t.FLOATS},
    "decimal": _NUMBER,
    "boolean": "(?i)(true|false)",
    "date": "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}",
    "timestamp": r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?",
}


def lenient(sql: str, kind: Type, depth: int = 0) -> str:
    """NULL for a text that is not of the type, as LazySimpleSerDe has it."""
    if kind.of and _is_text(kind):
        return sql
    own = f"x{depth}"
    if kind.name == "array":
        return f"list_transform({sql}, lambda {own}: {lenient(own, kind.of[0], depth + 1)})"
    if kind.name == "map":
        key, value = (lenient(f"{own}.{n}", inner, depth + 1) for n, inner in _pairs(kind))
        pair = f"struct_pack(k := {key}, v := {value})"
        entries = f"list_transform(map_entries({sql}), lambda {own}: {pair})"
        return f"map_from_entries({entries})"
    if kind.name == "row":
        named = zip(t.row_fields(kind), kind.of, strict=True)
        fields = ", ".join(
            f"{t.quoted(name)} := {lenient(_field(sql, name), inner, depth + 1)}"
            for name, inner in named
        )
        return f"CASE WHEN {sql} IS NOT NULL THEN struct_pack({fields}) END"
    return _scalar(sql, kind)


def _pairs(kind: Type) -> list[tuple[str, Type]]:
    return list(zip(("key", "value"), kind.of, strict=True))


def _field(sql: str, name: str) -> str:
    return f"struct_extract({sql}, '{name}')".replace("''", "'")


def _is_text(kind: Type) -> bool:
    return all(_is_text(inner) for inner in kind.of) if kind.of else kind == t.VARCHAR


def _scalar(sql: str, kind: Type) -> str:
    if t.is_text(kind):
        return f"left({sql}, {kind.args[0]})" if kind.args else sql
    if kind.name == "varbinary":
        return f"TRY(from_base64({sql}))"
    if kind.name == "timestamp":
        return _milliseconds(_matching(sql, kind))
    return _matching(sql, kind)


def _matching(sql: str, kind: Type) -> str:
    fits = f"CASE WHEN regexp_full_match({sql}, '{_FORMS[kind.name]}') THEN {sql} END"
    return f"TRY_CAST({fits} AS {t.duckdb(kind)})"


def _milliseconds(sql: str) -> str:
    return f"time_bucket(INTERVAL 1 millisecond, {sql} + INTERVAL 500 microsecond)"


def strict(column: Column, place: int) -> str:
    """An error for a text that is not of the type, as OpenCSVSerDe has it.

    Dates are days and timestamps milliseconds since 1970:
    https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
    """
    sql, kind = t.quoted(column.name or ""), column.type
    if t.is_text(kind):
        return _scalar(sql, kind)
    if kind.of or kind.name == "varbinary":
        message = f"NOT_SUPPORTED: Column {column.name} of type {kind} in OpenCSVSerde"
        return f"CAST(CASE WHEN {sql} IS NOT NULL THEN error('{message}') END AS {t.duckdb(kind)})"
    form = _INTEGER if kind.name in ("date", "timestamp") else _FORMS[kind.name]
    value = {
        "date": f"DATE '1970-01-01' + TRY_CAST({sql} AS INTEGER)",
        "timestamp": f"make_timestamp(TRY_CAST({sql} AS BIGINT) * 1000)",
    }.get(kind.name, f"TRY_CAST({sql} AS {t.duckdb(kind)})")
    message = (
        f"'HIVE_BAD_DATA: Error parsing field value ''' || {sql} ||"
        f" ''' for field {place}: For input string: \"' || {sql} || '\"'"
    )
    read = f"CASE WHEN regexp_full_match({sql}, '{form}') THEN {value} END"
    return (
        f"CASE WHEN {sql} IS NULL THEN NULL"
        f" ELSE coalesce({read}, CAST(error({message}) AS {t.duckdb(kind)})) END"
    )
