"""A Parquet file's columns from its footer."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq

from services.edge.glue.engine.crawler.samples import PARQUET, Sample

MAGIC = b"PAR1"
FOOTER = 8  # the metadata's length in four bytes, then the magic
NAMES = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_int8, "tinyint"),
    (pa.types.is_int16, "smallint"),
    (pa.types.is_uint8, "smallint"),
    (pa.types.is_int32, "int"),
    (pa.types.is_uint16, "int"),
    (pa.types.is_integer, "bigint"),
    (pa.types.is_float32, "float"),
    (pa.types.is_float64, "double"),
    (pa.types.is_string, "string"),
    (pa.types.is_large_string, "string"),
    (pa.types.is_binary, "binary"),
    (pa.types.is_large_binary, "binary"),
    (pa.types.is_fixed_size_binary, "binary"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "timestamp"),
    (pa.types.is_null, "string"),
)


def footer_length(end: bytes) -> int:
    """How many of a file's last bytes hold its schema; `end` is at least its last eight."""
    return int.from_bytes(end[-FOOTER:-4], "little") + FOOTER


def of_footer(end: bytes) -> Sample:
    """The sample of a file from its last `footer_length` bytes; ValueError where unreadable."""
    schema = pq.read_schema(io.BytesIO(MAGIC + end))
    columns = {field.name.lower(): hive_name(field.type) for field in schema}
    return Sample("parquet", dict(columns), PARQUET)


def hive_name(kind: pa.DataType) -> str:
    """Hive's name of an Arrow type; ValueError for one that Hive has not."""
    if pa.types.is_dictionary(kind):
        return hive_name(kind.value_type)
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_map(kind):
        return f"map<{hive_name(kind.key_type)},{hive_name(kind.item_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{','.join(f'{inner.name}:{hive_name(inner.type)}' for inner in kind)}>"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"array<{hive_name(kind.value_type)}>"
    for matches, name in NAMES:
        if matches(kind):
            return name
    raise ValueError(f"Expected a type that Hive has, found {kind}.")
