"""Columns as a table declares them, out of the columns that a Parquet file has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.types import Type

FIELD_ID = b"PARQUET:field_id"


@dataclass(frozen=True)
class Shape:
    """A column or field: what a query sees, and by what it is found in a file.

    `identity` is the number that a Parquet file gives its field, `position` its place among the
    columns; without them it is found by `source`, with case before without.
    """

    name: str
    type: Type
    source: str
    of: tuple[Shape, ...] = ()
    identity: int | None = None
    position: int | None = None
    widens: bool = False  # Delta lets a column's type become wider than its older files are

    def found(self, fields: list[Any]) -> int | None:
        """Which of a file's fields it is."""
        if self.position is not None:
            return self.position if self.position < len(fields) else None
        if self.identity is not None:
            wanted = str(self.identity).encode()
            return _first(fields, lambda field: (field.metadata or {}).get(FIELD_ID) == wanted)
        exact = _first(fields, lambda field: field.name == self.source)
        if exact is not None:
            return exact
        return _first(fields, lambda field: field.name.lower() == self.source.lower())


def of_type(name: str, kind: Type, position: int | None = None) -> Shape:
    """The shape of a column of the Glue catalog, whose fields are found by their names."""
    names = [*t.row_fields(kind)] if kind.name == "row" else ["element", "value"]
    inner = tuple(of_type(own, inner) for own, inner in zip(names, kind.of, strict=False))
    return Shape(name, kind, name, inner, position=position)


def _first(fields: Iterable[Any], wanted: Callable[[Any], bool]) -> int | None:
    return next((place for place, field in enumerate(fields) if wanted(field)), None)


def shaped(array: Any, shape: Shape, file: str) -> Any:
    """The array in the shape's type; raises HIVE_BAD_DATA where the file has another type."""
    wanted = arrow(shape.type)
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if not shape.of:
        return _plain(array, shape, wanted, file)
    if array.offset:  # its validity could not be handed on
        array = array.take(pa.array(range(len(array)), pa.int64()))
    kind = array.type
    if shape.type.name == "row" and pa.types.is_struct(kind):
        return _struct(array, shape, wanted, file)
    if shape.type.name == "map" and pa.types.is_map(kind):
        keys, items = (
            shaped(inner, inner_shape, file)
            for inner, inner_shape in zip((array.keys, array.items), shape.of, strict=True)
        )
        return pa.MapArray.from_arrays(array.offsets, keys, items, wanted, mask=array.is_null())
    if shape.type.name == "array" and _is_list(kind):
        array = array.cast(pa.list_(kind.value_field))
        values = shaped(array.values, shape.of[0], file)
        return pa.ListArray.from_arrays(array.offsets, values, wanted, mask=array.is_null())
    raise _mismatch(array, shape, file)


def _is_list(kind: Any) -> bool:
    return any(is_(kind) for is_ in (pa.types.is_list, pa.types.is_large_list)) or (
        pa.types.is_fixed_size_list(kind) or pa.types.is_list_view(kind)
    )


def _struct(array: Any, shape: Shape, wanted: Any, file: str) -> Any:
    fields = list(array.type)
    children = []
    for inner in shape.of:
        place = inner.found(fields)
        if place is None:
            children.append(pa.nulls(len(array), arrow(inner.type)))
        else:
            children.append(shaped(array.field(place), inner, file))
    return pa.StructArray.from_arrays(children, fields=list(wanted), mask=array.is_null())


def _plain(array: Any, shape: Shape, wanted: Any, file: str) -> Any:
    kind = array.type
    if pa.types.is_null(kind):
        return array.cast(wanted)
    if not _reads(kind, shape):
        raise _mismatch(array, shape, file)
    try:
        if pa.types.is_timestamp(wanted):
            return _moment(array, shape, wanted)
        if t.is_text(shape.type):
            return _text(array, shape)
        return array if kind == wanted else array.cast(wanted)
    except pa.ArrowInvalid as error:
        raise QueryError(
            "HIVE_BAD_DATA",
            f"Field {shape.name} in parquet file {file} is no {shape.type}: {error}",
        ) from error


def _text(array: Any, shape: Shape) -> Any:
    found = array.cast(pa.string())
    return pc.utf8_slice_codeunits(found, 0, shape.type.args[0]) if shape.type.args else found


def _moment(array: Any, shape: Shape, wanted: Any) -> Any:
    """To the digits that the column has: Trino rounds timestamps, and cuts instants."""
    if pa.types.is_date(array.type):
        return array.cast(wanted)
    if shape.type.args[0] < 6:
        change = pc.floor_temporal if shape.type.name == t.TZ else pc.round_temporal
        array = change(array, 1, "millisecond")
    if array.type.tz is None:
        return array.cast(pa.timestamp("us")).cast(wanted)
    instants = array.cast(pa.timestamp("us", array.type.tz)).cast(pa.timestamp("us", "UTC"))
    return instants.cast(wanted)


def _reads(kind: Any, shape: Shape) -> bool:
    """As Trino reads the types of Parquet.

    https://github.com/trinodb/trino/blob/master/lib/trino-parquet/src/main/java/io/trino/parquet/reader/ColumnReaderFactory.java
    """
    name = shape.type.name
    is_whole = pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0)
    is_bytes = any(
        is_(kind)
        for is_ in (
            *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
            *(pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view),
        )
    )
    if name in t.INTEGERS:
        return bool(is_whole)
    if name == "decimal":
        return bool(pa.types.is_decimal(kind) or pa.types.is_integer(kind))
    if name in ("varchar", "char"):
        return is_bytes
    if name == "varbinary":
        return is_bytes or bool(pa.types.is_fixed_size_binary(kind))
    if name == "double":
        widened = shape.widens and pa.types.is_integer(kind)
        return bool(pa.types.is_floating(kind) and str(kind) != "halffloat") or widened
    if name in ("timestamp", t.TZ):
        return bool(pa.types.is_timestamp(kind) or (shape.widens and pa.types.is_date(kind)))
    plain = {"boolean": pa.types.is_boolean, "real": pa.types.is_float32, "date": pa.types.is_date}
    return bool(plain[name](kind))


def _mismatch(array: Any, shape: Shape, file: str) -> QueryError:
    return QueryError(
        "HIVE_BAD_DATA",
        f"Field {shape.name}'s type {_parquet_name(array.type)} in parquet file {file} is"
        f" incompatible with type {shape.type} defined in table schema",
    )


_PARQUET_NAMES = {
    **{"bool": "BOOLEAN", "float": "FLOAT", "double": "DOUBLE", "date32[day]": "INT32"},
    **{f"{sign}int{bits}": "INT32" for sign in ("", "u") for bits in (8, 16, 32)},
    **{"int64": "INT64", "uint64": "INT64", "string": "BINARY", "binary": "BINARY"},
    **{"large_string": "BINARY", "string_view": "BINARY", "large_binary": "BINARY"},
}


def _parquet_name(kind: Any) -> str:
    return "INT64" if pa.types.is_timestamp(kind) else _PARQUET_NAMES.get(str(kind), str(kind))
