"""Delta tables of the Glue catalog: columns by the log, rows by its files."""

from __future__ import annotations

import json
import re
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.files import File, Storage, path_of
from services.edge.athena.engine.tables import partition_values, scans
from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.engine.tables.parquet_files import ParquetReader
from services.edge.athena.engine.tables.scans import Part
from services.edge.athena.engine.tables.shapes import Shape
from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column
from services.edge.athena.sql.trino.types import Type
from services.edge.delta import deletion_vectors, log
from services.edge.delta.errors import DeltaTableError
from services.edge.delta.log import Snapshot
from services.edge.delta.replay import DataFile
from services.edge.delta.schemas import HIVE_NAMES

Document = dict[str, Any]
_MAPPING = "delta.columnMapping."
# The types that Trino gives them: https://trino.io/docs/current/connector/delta-lake.html#type-mapping
_TIMES = {"timestamp": t.TIMESTAMP_TZ, "timestamp_ntz": Type("timestamp", (6,))}
_ADDRESS = re.compile(r"(\w+)://?(.*)")


def location_of(table: Table) -> str:
    storage = table.get("StorageDescriptor") or {}
    parameters = (storage.get("SerdeInfo") or {}).get("Parameters") or {}
    location = parameters.get("path") or storage.get("Location") or ""
    if not location.startswith("s3"):
        raise QueryError("DELTA_LAKE_INVALID_SCHEMA", "No path property defined")
    return str(location)


def snapshot_of(table: Table, storage: Storage) -> Snapshot:
    try:
        return log.opened(location_of(table), storage.files)
    except DeltaTableError as error:
        raise QueryError("DELTA_LAKE_INVALID_TABLE", str(error)) from error


def columns_of(snapshot: Snapshot) -> list[Column]:
    return [Column(shape.name, shape.type) for shape in _shapes(snapshot).values()]


def opened(table: Table, storage: Storage) -> tuple[scans.TableData, list[Column]]:
    snapshot = snapshot_of(table, storage)
    shapes = _shapes(snapshot)
    columns = [Column(shape.name, shape.type) for shape in shapes.values()]
    keys = {name.lower(): shapes[name.lower()] for name in snapshot.partition_columns}
    root = path_of(snapshot.location)
    data = {name: shape for name, shape in shapes.items() if name not in keys}
    parts = [_part(file, root, keys, data, storage) for file in snapshot.files]
    schema = scans.whole_schema(columns)
    reader = ParquetReader(data, schema, storage)
    return scans.table_data(parts, schema, storage, reader), columns


def partitions_of(snapshot: Snapshot) -> tuple[list[str], list[list[str | None]]]:
    """The partition columns, and the values of each partition that has files."""
    sources = {shape.name: shape.source for shape in _shapes(snapshot).values()}
    keys = [sources[name.lower()] for name in snapshot.partition_columns]
    found = {tuple(file.partition_values.get(key) for key in keys) for file in snapshot.files}
    return list(snapshot.partition_columns), [list(values) for values in found]


def _part(
    file: DataFile,
    root: str,
    keys: dict[str, Shape],
    data: dict[str, Shape],
    storage: Storage,
) -> Part:
    values = {
        name: partition_values.scalar(
            Column(name, shape.type), file.partition_values.get(shape.source) or None
        )
        for name, shape in keys.items()
    }
    vector = None
    if file.deletion_vector is not None:
        vector = _vector(file.deletion_vector, root, storage)
    where = File(_inside(file.path, root), file.size)
    return Part(where, values, vector, _bounds(file.statistics, data))


def _bounds(statistics: str | None, shapes: dict[str, Shape]) -> dict[str, tuple[Any, Any]]:
    """Of the types whose bounds hold as they are written: long texts are cut, but still bounds."""
    found = json.loads(statistics) if statistics else {}
    least, most = found.get("minValues") or {}, found.get("maxValues") or {}
    bounds = {}
    for name, shape in shapes.items():
        pair = least.get(shape.source), most.get(shape.source)
        if shape.type.name in (*t.INTEGERS, "varchar", "date") and None not in pair:
            kind = arrow(shape.type)
            low, high = (pa.scalar(bound) for bound in pair)
            bounds[name] = low.cast(kind), high.cast(kind)
    return bounds


def _vector(found: deletion_vectors.Descriptor, root: str, storage: Storage) -> bytes:
    if (inline := found.inline) is not None:
        return inline
    path = _inside(found.path, root)
    size = found.size + 8  # its length before it and its checksum after it
    with storage.files.open_input_file(path) as opened:
        opened.seek(found.offset)
        body = opened.read(size)
    storage.counter.add(size)
    try:
        return deletion_vectors.of_file(body, found.size)
    except (ValueError, IndexError) as error:
        raise QueryError("DELTA_LAKE_BAD_DATA", f"s3://{path}: {error}") from error


def _inside(path: str, root: str) -> str:
    """Bucket and key of a path of the log, which may be an address."""
    address = _ADDRESS.fullmatch(path)
    if address is None:
        return f"{root}/{path}"
    if address[1] not in ("s3", "s3a", "s3n"):
        raise QueryError("NOT_SUPPORTED", f"A Delta table with files outside of S3: {path}")
    return path_of(path)


def _shapes(snapshot: Snapshot) -> dict[str, Shape]:
    mode = snapshot.configuration.get(f"{_MAPPING}mode", "none")
    if mode not in ("none", "name", "id"):
        raise QueryError("NOT_SUPPORTED", f"Delta column mapping of mode {mode}")
    shapes = [_field(field, mode) for field in snapshot.schema["fields"]]
    names = [shape.name for shape in shapes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise QueryError(
            "DELTA_LAKE_INVALID_SCHEMA",
            f"Columns that differ in case only: {', '.join(twice)}",
        )
    return {shape.name: shape for shape in shapes}


def _field(field: Document, mode: str) -> Shape:
    metadata = field.get("metadata") or {}
    source, identity = field["name"], None
    if mode != "none":
        source = metadata.get(f"{_MAPPING}physicalName", source)
    if mode == "id":
        identity = metadata.get(f"{_MAPPING}id")
    kind, inner = _kind(field["type"], mode)
    return Shape(field["name"].lower(), kind, source, inner, identity, widens=True)


def _kind(written: str | Document, mode: str) -> tuple[Type, tuple[Shape, ...]]:
    if isinstance(written, str):
        kind = _TIMES.get(written) or t.from_hive(HIVE_NAMES.get(written, written))
        return kind, ()
    if written["type"] == "struct":
        fields = tuple(_field(field, mode) for field in written["fields"])
        names = tuple(field.name for field in fields)
        return Type("row", of=tuple(field.type for field in fields), fields=names), fields
    parts = ("keyType", "valueType") if written["type"] == "map" else ("elementType",)
    inner = tuple(_unnamed(written[name], mode) for name in parts)
    return Type(written["type"], of=tuple(shape.type for shape in inner)), inner


def _unnamed(written: str | Document, mode: str) -> Shape:
    """An element, a key or a value."""
    kind, inner = _kind(written, mode)
    return Shape("element", kind, "element", inner, widens=True)
