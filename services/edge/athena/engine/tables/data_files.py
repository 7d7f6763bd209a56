"""Data files in Parquet, delimited text or JSON lines, written as a stream of record batches."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any

import pyarrow.parquet as parquet

from services.edge.athena.engine.files import Storage
from services.edge.athena.engine.results import IN_MEMORY
from services.edge.athena.engine.tables.delimited_text import Layout
from services.edge.athena.engine.values import Writer, writer
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column
from services.edge.athena.sql.trino.types import Type

_COMPRESSIONS = {
    "parquet": ("gzip", "snappy", "zstd", "lz4", "none"),
    "textfile": ("gzip", "none"),
    "json": ("gzip", "none"),
}


@dataclass(frozen=True)
class Style:
    name: str
    compression: str
    layout: Layout = field(default_factory=lambda: Layout.of({}))
    header: bool = False  # which the table's readers skip

    @classmethod
    def of(cls, properties: dict[str, Any], names: tuple[str, ...]) -> Style:
        """By the properties of CTAS and UNLOAD; `names` are those of the compression."""
        name = properties.get("format", "parquet").lower()
        if name not in _COMPRESSIONS:
            raise QueryError(
                "NOT_SUPPORTED",
                f"Format {name.upper()} is not written here: expected PARQUET, TEXTFILE or JSON",
            )
        asked = next((properties[name] for name in names if name in properties), "gzip").lower()
        if asked not in _COMPRESSIONS[name]:
            raise QueryError(
                "NOT_SUPPORTED",
                f"Compression {asked.upper()} of {name.upper()}: expected one of"
                f" {', '.join(_COMPRESSIONS[name]).upper()}",
            )
        given = properties.get("field_delimiter")
        return cls(name, asked, Layout.of({"field.delim": given} if given else {}))

    @property
    def suffix(self) -> str:
        return ".gz" if self.compression == "gzip" and self.name != "parquet" else ""

    def serde_parameters(self) -> dict[str, str]:
        if self.name != "textfile":
            return {}
        return {
            "field.delim": self.layout.separators[0],
            "serialization.null.format": self.layout.null,
        }


def written(
    storage: Storage,
    location: str,
    schema: Any,
    batches: Iterable[Any],
    columns: list[Column],
    style: Style,
) -> int:
    """Writes one file; answers how many rows it has."""
    with SpooledTemporaryFile(IN_MEMORY) as out:
        if style.name == "parquet":
            rows = _parquet(out, schema, batches, style)
        else:
            rows = _lines(out, batches, columns, style)
        storage.upload(location, out)
    return rows


def _parquet(out: Any, schema: Any, batches: Iterable[Any], style: Style) -> int:
    rows = 0
    with parquet.ParquetWriter(out, schema, compression=style.compression) as file:
        for batch in batches:
            file.write_batch(batch)
            rows += batch.num_rows
    return rows


def _lines(out: Any, batches: Iterable[Any], columns: list[Column], style: Style) -> int:
    target = gzip.GzipFile(fileobj=out, mode="wb") if style.compression == "gzip" else out
    rows = 0
    line = _json_line if style.name == "json" else _text_line
    writers = [_text_writer(column) for column in columns] if style.name != "json" else []
    if style.header:
        names: list[str | None] = [column.name for column in columns]
        target.write(f"{style.layout.written(names)}\n".encode())
    for batch in batches:
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            target.write(line(row, columns, writers, style).encode())
        rows += batch.num_rows
    if target is not out:
        target.close()
    return rows


def _text_line(
    row: tuple[Any, ...], columns: list[Column], writers: list[Writer], style: Style
) -> str:
    """As LazySimpleSerDe writes it: nothing is quoted, and separators only where they can be."""
    del columns
    pairs = zip(row, writers, strict=True)
    texts = [None if value is None else write(value) for value, write in pairs]
    return f"{style.layout.written(texts)}\n"


def _text_writer(column: Column) -> Writer:
    if column.type.of:
        raise QueryError("NOT_SUPPORTED", f"Column {column.name} of {column.type} in text")
    if column.type.name == "varbinary":
        return lambda value: base64.b64encode(value).decode()
    return writer(column.type)


def _json_line(row: tuple[Any, ...], columns: list[Column], writers: list[Writer], _: Style) -> str:
    del writers
    pairs = zip(columns, row, strict=True)
    found = {c.name: _plain(value, c.type) for c, value in pairs if value is not None}
    return json.dumps(found, ensure_ascii=False) + "\n"


def _plain(value: Any, kind: Type) -> Any:
    if value is None or kind.name in (*t.INTEGERS, *t.FLOATS, "boolean", "varchar", "char"):
        return value
    if kind.name == "array":
        return [_plain(element, kind.of[0]) for element in value]
    if kind.name == "map":
        return {str(k): _plain(v, kind.of[1]) for k, v in value}
    if kind.name == "row":
        names = t.row_fields(kind)
        return {n: _plain(value[n], of) for n, of in zip(names, kind.of, strict=True)}
    if kind.name == "varbinary":
        raise QueryError("NOT_SUPPORTED", "Values of varbinary in JSON")
    return writer(kind)(value)
