"""Delimited text and JSON lines as Arrow, read as text first where a wrong value means NULL."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.dataset as ds

from services.edge.athena.engine.arrow_types import arrow
from services.edge.athena.engine.files import Part, Storage, of_parts
from services.edge.athena.sql import types as t
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.scope import Column
from services.edge.athena.sql.types import Type

Document = dict[str, Any]
_CONTROL_A = "\x01"  # Hive's separator where none is declared


def opened(
    kind: str,
    table: Document,
    parts: list[Part],
    declared: list[Column],
    keys: list[Column],
    storage: Storage,
) -> tuple[Any, list[str] | None]:
    """The data, and each column's expression where it has to be made of a text."""
    if kind == "json":
        return _json(parts, declared, keys, storage), None
    schema, style = _delimited(kind, table, declared, keys)
    data = of_parts(parts, schema, style, storage)
    expressions = [_from_text(one) for one in declared] + [t.quoted(k.name or "") for k in keys]
    return data, expressions


def _delimited(
    kind: str, table: Document, declared: list[Column], keys: list[Column]
) -> tuple[Any, Any]:
    """The schema, all texts but the partition keys, and how the files are read."""
    serde = (table["StorageDescriptor"].get("SerdeInfo") or {}).get("Parameters") or {}
    parameters = {**(table.get("Parameters") or {}), **serde}
    names = [one.name or "" for one in declared]
    texts = {name: pa.string() for name in names}
    quote: str | bool = parameters.get("quoteChar", '"') if kind == "csv" else False
    escape: str | bool = parameters.get("escapeChar", "\\") if kind == "csv" else False
    default = "," if kind == "csv" else _CONTROL_A
    null = parameters.get("serialization.null.format", "\\N")
    separator = parameters.get("separatorChar") or parameters.get("field.delim") or default
    style = ds.CsvFileFormat(
        csv.ParseOptions(
            delimiter=_character(separator),
            quote_char=quote,
            escape_char=escape if escape != quote else False,
            newlines_in_values=False,
        ),
        convert_options=csv.ConvertOptions(
            column_types=texts,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[null] if kind == "text" else [],
        ),
        read_options=csv.ReadOptions(
            column_names=names, skip_rows=int(parameters.get("skip.header.line.count", 0))
        ),
    )
    fields = [pa.field(name, pa.string()) for name in names]
    fields += [pa.field(one.name or "", arrow(one.type)) for one in keys]
    return pa.schema(fields), style


def _character(written: str) -> str:
    """A separator, which Hive also takes as a number."""
    plain = written.encode().decode("unicode_escape") if written.startswith("\\") else written
    if plain.isdecimal() and len(plain) > 1:
        plain = chr(int(plain))
    if len(plain) != 1:
        raise QueryError(
            "HIVE_INVALID_METADATA", f"Expected a separator of one character, found {written!r}"
        )
    return plain


def _from_text(column: Column) -> str:
    name, kind = t.quoted(column.name or ""), column.type
    if t.is_text(kind):
        return f"left({name}, {kind.args[0]})" if kind.args else name
    if kind.of:
        raise QueryError("NOT_SUPPORTED", f"Column {column.name} of type {kind} in delimited text")
    if kind.name in t.INTEGERS:
        whole = f"CASE WHEN regexp_full_match({name}, '[+-]?[0-9]+') THEN {name} END"
        return f"TRY_CAST({whole} AS {t.duckdb(kind)})"
    return f"TRY_CAST(nullif({name}, '') AS {t.duckdb(kind)})"


def _json(parts: list[Part], declared: list[Column], keys: list[Column], storage: Storage) -> Any:
    """Keys are found without case, as Hive's JSON SerDe does; so the lines are read here."""
    schema = pa.schema([pa.field(one.name or "", arrow(one.type)) for one in declared])
    whole = pa.schema([*schema, *(pa.field(k.name or "", arrow(k.type)) for k in keys)])
    tables = []
    for one in parts:
        rows = _rows(one, declared, storage)
        part = pa.Table.from_pylist(rows, schema=schema)
        if one.condition is not None:
            values = ds.get_partition_keys(one.condition)
            for key in keys:
                value = pa.scalar(values.get(key.name), arrow(key.type))
                part = part.append_column(key.name, pa.repeat(value, len(rows)))
        tables.append(part.select(whole.names))
    return pa.concat_tables(tables) if tables else whole.empty_table()


def _rows(part: Part, declared: list[Column], storage: Storage) -> list[Document]:
    rows = []
    storage.counter.add(part.size)
    with storage.files.open_input_stream(part.path) as stream:
        lines = stream.read().decode().split("\n")  # decompressed by its name
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = {key.lower(): value for key, value in json.loads(line).items()}
            rows.append({c.name or "": _value(found.get(c.name or ""), c.type) for c in declared})
        except (ValueError, TypeError, AttributeError) as error:
            raise QueryError(
                "HIVE_CURSOR_ERROR",
                f"Row {number} of s3://{part.path} is not a valid JSON Object: {error}",
            ) from error
    return rows


def _value(value: Any, kind: Type) -> Any:
    """A JSON value as a column of its type; texts take objects as they are written."""
    if value is None:
        return None
    if t.is_text(kind):
        return value if isinstance(value, str) else json.dumps(value)
    if kind.name == "array":
        return [_value(one, kind.of[0]) for one in value]
    if kind.name == "map":
        return [(_value(k, kind.of[0]), _value(v, kind.of[1])) for k, v in value.items()]
    if kind.name == "row":
        found = {key.lower(): one for key, one in value.items()}
        return {n: _value(found.get(n), of) for n, of in zip(kind.fields, kind.of, strict=True)}
    if kind.name in t.INTEGERS:
        return int(value)
    if kind.name in t.FLOATS:
        return float(value)
    if kind == t.BOOLEAN:
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind.name in ("date", "timestamp", "decimal"):
        return pa.scalar(str(value)).cast(arrow(kind)).as_py()
    return value
