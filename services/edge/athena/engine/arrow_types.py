"""Trino's types and Arrow's, each from the other."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from services.edge.athena.sql import types as t
from services.edge.athena.sql.types import Type

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


def from_arrow(found: Any) -> Type:
    """The type of a Delta table's column: its timestamps are instants, those without a zone not."""
    if pa.types.is_list(found) or pa.types.is_large_list(found):
        return t.array(from_arrow(found.value_type))
    if pa.types.is_map(found):
        return Type("map", of=(from_arrow(found.key_type), from_arrow(found.item_type)))
    if pa.types.is_struct(found):
        fields = tuple(found.field(i) for i in range(found.num_fields))
        of = tuple(from_arrow(one.type) for one in fields)
        return Type("row", of=of, fields=tuple(one.name.lower() for one in fields))
    if pa.types.is_timestamp(found):
        return t.TIMESTAMP_TZ if found.tz else Type("timestamp", (6,))
    if pa.types.is_decimal(found):
        return Type("decimal", (found.precision, found.scale))
    plain = {str(one): name for name, one in _PLAIN.items() if name not in ("char", "json")}
    plain.update({"large_string": "varchar", "large_binary": "varbinary", "int32": "integer"})
    name = plain.get(str(found))
    if name is None:
        raise ValueError(f"Athena has no type for {found}")
    return Type(name)
