"""Trino's types as Arrow's."""

from __future__ import annotations

from collections.abc import Callable
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
    return nested(kind, _plain)


def text_type(kind: Type) -> Any:
    """Arrow's type of a column whose values are split, and still texts."""
    return nested(kind, lambda _: pa.string())


def nested(kind: Type, plain: Callable[[Type], Any]) -> Any:
    """Arrow's type of a Trino type; `plain` gives those that hold no others."""
    if kind.name == "array":
        return pa.list_(nested(kind.of[0], plain))
    if kind.name == "map":
        return pa.map_(nested(kind.of[0], plain), nested(kind.of[1], plain))
    if kind.name == "row":
        fields = zip(t.row_fields(kind), kind.of, strict=True)
        return pa.struct([pa.field(name, nested(inner, plain)) for name, inner in fields])
    return plain(kind)


def _plain(kind: Type) -> Any:
    if kind.name == "decimal":
        return pa.decimal128(*kind.args)
    return _PLAIN[kind.name]
