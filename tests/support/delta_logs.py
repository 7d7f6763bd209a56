"""Delta tables written by hand: Parquet files and the actions of a log, put into S3."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

PLAIN = {"minReaderVersion": 1, "minWriterVersion": 2}


def field(name: str, kind: Any, **metadata: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "nullable": True, "metadata": metadata}


def mapped(name: str, kind: Any, physical: str, number: int) -> dict[str, Any]:
    metadata = {
        "delta.columnMapping.physicalName": physical,
        "delta.columnMapping.id": number,
    }
    return field(name, kind, **metadata)


def struct(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "struct", "fields": list(fields)}


def metadata(
    fields: list[dict[str, Any]],
    partitions: tuple[str, ...] = (),
    configuration: dict[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "metaData": {
            "id": "11111111-1111-1111-1111-111111111111",
            "format": {"provider": "parquet", "options": {}},
            "schemaString": json.dumps(struct(*fields)),
            "partitionColumns": list(partitions),
            "configuration": configuration or {},
            "createdTime": 1,
        }
    }


def added(path: str, values: dict[str, str | None] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "add": {
            "path": path,
            "partitionValues": values or {},
            "size": 1000,
            "modificationTime": 1,
            "dataChange": True,
            **more,
        }
    }


class DeltaFiles:
    """The objects of one table below `s3://bucket/folder/`."""

    def __init__(self, s3: Any, bucket: str, folder: str) -> None:
        self._s3, self._bucket, self.folder = s3, bucket, folder
        self.location = f"s3://{bucket}/{folder}/"

    def put(self, key: str, body: bytes) -> int:
        self._s3.put_object(Bucket=self._bucket, Key=f"{self.folder}/{key}", Body=body)
        return len(body)

    def data(self, key: str, table: pa.Table, values: Any = None, **more: Any) -> dict[str, Any]:
        """Puts a data file; its `add` action."""
        size = self.put(key, as_parquet(table))
        return added(key, values, size=size, **more)

    def commit(self, version: int, *actions: dict[str, Any]) -> None:
        lines = "".join(f"{json.dumps(one)}\n" for one in actions)
        self.put(f"_delta_log/{version:020}.json", lines.encode())


def as_parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    parquet.write_table(table, out)
    return out.getvalue()
