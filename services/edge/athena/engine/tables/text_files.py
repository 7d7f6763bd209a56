"""Text files as Arrow: lines, split by their SerDe, whose texts DuckDB turns into values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.files import File, Storage
from services.edge.athena.engine.tables import (
    csv_lines,
    delimited_text,
    json_lines,
    serde_properties,
)
from services.edge.athena.engine.tables.arrow_types import arrow, text_type
from services.edge.athena.engine.tables.scans import HIDDEN_FIELDS, Part, table_data
from services.edge.athena.engine.tables.text_lines import Trim, lines
from services.edge.athena.engine.tables.text_values import lenient, strict
from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column

# A row of a line, and where the line is for a message.
Split = Callable[[str, str], list[Any]]
BATCH_ROWS = 20_000


@dataclass(frozen=True)
class TextReader:
    """Whole files: what of their columns is wanted is found only once they are split."""

    fields: dict[str, Any]
    split: Split
    trim: Trim
    skips_blank: bool
    storage: Storage

    def open(self, part: Part, _fragment: Any, names: list[str], _condition: Any) -> OpenText:
        return OpenText(self, part.file, names)


@dataclass(frozen=True)
class OpenText:
    reader: TextReader
    file: File
    names: list[str]

    @property
    def size(self) -> int:
        return self.file.size

    def batches(self) -> Iterator[tuple[int, list[Any]]]:
        reader = self.reader
        places = [list(reader.fields).index(name) for name in self.names]
        numbered = enumerate(lines(self.file, reader.storage, reader.trim), 1)
        read = (
            reader.split(line, f"{number} of {self.file.address}")
            for number, line in numbered
            if not reader.skips_blank or line.strip()
        )
        while rows := list(islice(read, BATCH_ROWS)):
            columns = [
                pa.array([row[place] for row in rows], reader.fields[name])
                for name, place in zip(self.names, places, strict=True)
            ]
            yield len(rows), columns


def opened(
    kind: str,
    table: Table,
    parts: list[Part],
    declared: list[Column],
    keys: list[Column],
    storage: Storage,
) -> tuple[Any, list[str] | None]:
    """The data, and each column's expression where it has to be made of a text."""
    properties = serde_properties.of(table, kind)
    trim = Trim.of(properties)
    is_json = kind in ("openx", "json")
    types = [
        arrow(column.type) if is_json else pa.string() if kind == "csv" else text_type(column.type)
        for column in declared
    ]
    fields = {column.name or "": own for column, own in zip(declared, types, strict=True)}
    reader = TextReader(fields, _split(kind, properties, declared), trim, is_json, storage)
    own_keys = [(key.name or "", arrow(key.type)) for key in keys]
    schema = pa.schema([*fields.items(), *own_keys, *HIDDEN_FIELDS])
    data = table_data(parts, schema, storage, reader)
    if is_json:
        return data, None
    return data, [*_expressions(kind, declared), *(t.quoted(key.name or "") for key in keys)]


def _expressions(kind: str, declared: list[Column]) -> list[str]:
    if kind == "csv":
        return [strict(column, place) for place, column in enumerate(declared)]
    return [lenient(t.quoted(column.name or ""), column.type) for column in declared]


def _split(kind: str, properties: dict[str, str], declared: list[Column]) -> Split:
    kinds = [column.type for column in declared]
    if kind == "text":
        delimited = delimited_text.Layout.of(properties)
        return lambda line, _: delimited.row(line, kinds)
    if kind == "csv":
        quoted = csv_lines.Layout.of(properties)
        return lambda line, _: quoted.row(line, len(kinds))
    if kind == "regex":
        return _regex(properties, declared)
    objects = json_lines.Layout.of(properties)
    return lambda line, place: objects.row(line, declared, place)


def _regex(properties: dict[str, str], declared: list[Column]) -> Split:
    """RegexSerDe: a group for each column; a line that does not match is a row of NULLs."""
    written = properties.get("input.regex")
    if not written:
        raise QueryError("HIVE_INVALID_METADATA", "RegexSerDe wants the property input.regex")
    if nested := [column.name for column in declared if column.type.of]:
        raise QueryError("NOT_SUPPORTED", f"Column {nested[0]} of a nested type in RegexSerDe")
    ignores = serde_properties.is_true(properties, "input.regex.case.insensitive")
    try:
        form = re.compile(written, re.IGNORECASE if ignores else 0)
    except re.error as error:
        raise QueryError(
            "NOT_SUPPORTED", f"Regular expression {written!r} of input.regex: {error}"
        ) from error
    if form.groups != len(declared):
        raise QueryError(
            "HIVE_INVALID_METADATA",
            f"input.regex has {form.groups} groups, the table {len(declared)} columns",
        )

    def row(line: str, _: str) -> list[Any]:
        found = form.fullmatch(line)
        return list(found.groups()) if found else [None] * len(declared)

    return row
