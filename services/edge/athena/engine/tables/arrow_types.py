"""Trino's types as Arrow's."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.types import Type

_PLAIN = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "real": pa.float32(),
    "double": pa.float64(),
    "varchar": pa.string(),
    "char": pa.string(),
    "json": pa.string(),
    "varbinary": pa.binary(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    t.TZ: pa.timestamp("us", "UTC"),
    "unknown": pa.int32(),
}


def arrow(kind: Type) -> Any:
    if kind.name == "array":
        return pa.list_(arrow(kind.of[0]))
    if kind.name == "map":
        return pa.map_(arrow(kind.of[0]), arrow(kind.of[1]))
    if kind.name == "row":
        named = zip(t.row_fields(kind), kind.of, strict=True)
        return pa.struct([pa.field(name, arrow(one)) for name, one in named])
    if kind.name == "decimal":
        return pa.decimal128(*kind.args)
    return _PLAIN[kind.name]
