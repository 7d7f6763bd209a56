"""Tables of the Glue catalog as Arrow datasets: Delta by its log, others by their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake.exceptions import DeltaError

from services.edge import delta_log
from services.edge.athena.engine import text_files
from services.edge.athena.engine.arrow_types import arrow, from_arrow
from services.edge.athena.engine.files import Part, Storage, measured, of_parts, path_of
from services.edge.athena.sql import types as t
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.scope import Column

Document = dict[str, Any]
Partitions = Callable[[], list[Document]]
LIBRARIES = {
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe": "text",
    "org.apache.hadoop.hive.serde2.OpenCSVSerde": "csv",
    "org.openx.data.jsonserde.JsonSerDe": "json",
    "org.apache.hive.hcatalog.data.JsonSerDe": "json",
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe": "parquet",
}


@dataclass(frozen=True)
class Opened:
    """What DuckDB registers, the columns, and each column's expression where it is not plain."""

    data: Any
    columns: list[Column]
    expressions: list[str] | None = None


def is_delta(table: Document) -> bool:
    parameters = {k.lower(): str(v).lower() for k, v in (table.get("Parameters") or {}).items()}
    delta = (parameters.get("table_type"), parameters.get("spark.sql.sources.provider"))
    return "delta" in delta or parameters.get("classification") == "delta"


def kind_of(table: Document) -> str:
    """delta, text, csv, json or parquet; raises QueryError for what is not read here."""
    if is_delta(table):
        return "delta"
    storage = table.get("StorageDescriptor") or {}
    library = (storage.get("SerdeInfo") or {}).get("SerializationLibrary", "")
    if "Symlink" in (storage.get("InputFormat") or "") or library not in LIBRARIES:
        raise QueryError(
            "HIVE_UNSUPPORTED_FORMAT",
            f"Table {table['DatabaseName']}.{table['Name']} has SerDe {library or 'none'} and"
            f" input format {storage.get('InputFormat')}: expected one of {', '.join(LIBRARIES)}",
        )
    return LIBRARIES[library]


def opened(table: Document, storage: Storage, partitions: Partitions) -> Opened:
    kind = kind_of(table)
    if kind == "delta":
        return _delta(table, storage)
    parameters = table.get("Parameters") or {}
    if str(parameters.get("projection.enabled", "")).lower() == "true":
        raise QueryError("NOT_SUPPORTED", "Partition projection is not supported here")
    parts = _parts(table, storage, partitions)
    declared = columns(table["StorageDescriptor"].get("Columns") or [])
    keys = columns(table.get("PartitionKeys") or [])
    if kind == "parquet":
        return _parquet(parts, declared, keys, storage)
    data, expressions = text_files.opened(kind, table, parts, declared, keys, storage)
    return Opened(data, [*declared, *keys], expressions)


def columns(described: list[Document]) -> list[Column]:
    found = []
    for one in described:
        try:
            found.append(Column(one["Name"].lower(), t.from_hive(one.get("Type") or "string")))
        except ValueError as error:
            message = f"Column {one['Name']}: {error}"
            raise QueryError("HIVE_INVALID_METADATA", message) from error
    return found


def delta_location(table: Document) -> str:
    storage = table.get("StorageDescriptor") or {}
    parameters = (storage.get("SerdeInfo") or {}).get("Parameters") or {}
    location = parameters.get("path") or storage.get("Location") or ""
    if not location.startswith("s3"):
        raise QueryError("DELTA_LAKE_INVALID_SCHEMA", "No path property defined")
    return str(location)


def _delta(table: Document, storage: Storage) -> Opened:
    location = delta_location(table)
    root = path_of(location)
    try:
        delta = delta_log.opened(location, storage.endpoint)
        found = delta.to_pyarrow_dataset(filesystem=storage.files)
        actions = pa.table(delta.get_add_actions(flatten=True)).select(["path", "size_bytes"])
    except (delta_log.DeltaTableError, DeltaError) as error:
        raise QueryError("DELTA_LAKE_INVALID_TABLE", str(error)) from error
    sizes = {one["path"]: one["size_bytes"] for one in actions.to_pylist()}
    fragments = [
        found.format.make_fragment(
            f"{root}/{one.path}",
            storage.files,
            one.partition_expression,
            file_size=sizes.get(one.path),
        )
        for one in found.get_fragments()
    ]
    data = measured(fragments, found.schema, found.format, storage.files, storage.counter, sizes)
    return Opened(data, [Column(one.name.lower(), from_arrow(one.type)) for one in found.schema])


def _parts(table: Document, storage: Storage, partitions: Partitions) -> list[Part]:
    keys = columns(table.get("PartitionKeys") or [])
    if not keys:
        files = storage.data_files(table["StorageDescriptor"]["Location"])
        return [Part(path, size) for path, size in files.items()]
    found: list[Part] = []
    for one in partitions():
        condition = None
        for key, value in zip(keys, one["Values"], strict=True):
            test = _equals(key, value)
            condition = test if condition is None else condition & test
        files = storage.data_files(one["StorageDescriptor"]["Location"])
        found.extend(Part(path, size, condition) for path, size in files.items())
    return found


def _equals(key: Column, value: str) -> Any:
    field = ds.field(key.name or "")
    if value == "__HIVE_DEFAULT_PARTITION__":
        return field.is_null()
    try:
        return field == pa.scalar(value).cast(arrow(key.type))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        message = f"Partition value '{value}' of {key.name} is no {key.type}"
        raise QueryError("HIVE_INVALID_PARTITION_VALUE", message) from error


def _parquet(
    parts: list[Part], declared: list[Column], keys: list[Column], storage: Storage
) -> Opened:
    style = ds.ParquetFileFormat(
        default_fragment_scan_options=ds.ParquetFragmentScanOptions(pre_buffer=True)
    )
    physical: dict[str, str] = {}
    if parts:  # columns are found without case, as Athena finds them
        first = style.inspect(parts[0].path, storage.files)
        physical = {name.lower(): name for name in first.names}
    fields = [
        pa.field(physical.get(one.name or "", one.name or ""), arrow(one.type)) for one in declared
    ]
    fields += [pa.field(one.name or "", arrow(one.type)) for one in keys]
    data = of_parts(parts, pa.schema(fields), style, storage)
    return Opened(data, [*declared, *keys])
