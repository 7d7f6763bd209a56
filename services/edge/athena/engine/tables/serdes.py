"""How a table's files are written and read, by the name of their format."""

from __future__ import annotations

from services.edge.athena.glue_documents import Column, StorageDescriptor
from services.edge.athena.sql.errors import MalformedQueryError

_TEXT_IN = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
FORMATS = {
    "parquet": (
        f"{_PARQUET}.MapredParquetInputFormat",
        f"{_PARQUET}.MapredParquetOutputFormat",
        f"{_PARQUET}.serde.ParquetHiveSerDe",
    ),
    "textfile": (_TEXT_IN, _TEXT_OUT, LAZY),
    "json": (_TEXT_IN, _TEXT_OUT, "org.openx.data.jsonserde.JsonSerDe"),
}
DELTA: StorageDescriptor = {
    "InputFormat": "org.apache.hadoop.mapred.SequenceFileInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
}


def storage(
    location: str, columns: list[Column], style: str, parameters: dict[str, str]
) -> StorageDescriptor:
    """A storage descriptor of one of the formats."""
    if style not in FORMATS:
        raise MalformedQueryError(
            f"Format {style.upper()} is not available here: expected one of"
            f" {', '.join(name.upper() for name in FORMATS)}"
        )
    taken, given, library = FORMATS[style]
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": taken,
        "OutputFormat": given,
        "Compressed": False,
        "NumberOfBuckets": -1,
        "SerdeInfo": {
            "SerializationLibrary": library,
            "Parameters": {"serialization.format": "1", **parameters},
        },
        "BucketColumns": [],
        "SortColumns": [],
        "StoredAsSubDirectories": False,
    }
