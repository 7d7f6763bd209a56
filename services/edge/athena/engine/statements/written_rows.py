"""The rows of a query as data files of a table or a folder, with their partitions."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Run
from services.edge.athena.engine.statements import partitions
from services.edge.athena.engine.statements.queries import reader
from services.edge.athena.engine.tables import data_files
from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.engine.tables.data_files import Style
from services.edge.athena.engine.tables.partition_values import HIVE_NULL, folder
from services.edge.athena.engine.values import writer
from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.translation import Translation
from services.edge.athena.sql.trino.scope import Column

MOST_PARTITIONS = 100


@dataclass(frozen=True)
class Written:
    """The files, how many rows they have, and the values of the partitions that they are in."""

    files: list[str] = field(default_factory=list)
    rows: int = 0
    partitions: list[list[str]] = field(default_factory=list)


def written(
    run: Run, query: Translation, columns: list[Column], keys: int, location: str, style: Style
) -> Written:
    """The rows of the query as files; the last `keys` columns name the partition of each."""
    schema = pa.schema([pa.field(column.name or "", arrow(column.type)) for column in columns])
    prefix = f"{run.request.id}-{secrets.token_hex(4)}"
    if not keys:
        batches = (_renamed(batch, schema) for batch in reader(run, query))
        file = f"{location}{prefix}-0{style.suffix}"
        rows = data_files.written(run.storage, file, schema, batches, columns, style)
        return Written([file], rows)
    whole = pa.Table.from_batches([_renamed(b, schema) for b in reader(run, query)], schema)
    groups = _groups(whole, columns[-keys:])
    if len(groups) > MOST_PARTITIONS:
        raise QueryError(
            "HIVE_TOO_MANY_OPEN_PARTITIONS",
            f"Exceeded limit of {MOST_PARTITIONS} open writers for partitions/buckets.",
        )
    files = []
    data = columns[:-keys]
    for number, (values, rows_of) in enumerate(groups.items()):
        part = whole.take(rows_of).select([column.name for column in data])
        inner = folder((key.name or "" for key in columns[-keys:]), values)
        file = f"{location}{inner}/{prefix}-{number}{style.suffix}"
        data_files.written(run.storage, file, part.schema, part.to_batches(), data, style)
        files.append(file)
    return Written(files, whole.num_rows, [list(values) for values in groups])


def _renamed(batch: Any, schema: Any) -> Any:
    return pa.RecordBatch.from_arrays(
        [c.cast(kind) for c, kind in zip(batch.columns, schema.types, strict=True)], schema=schema
    )


def _groups(whole: Any, keys: list[Column]) -> dict[tuple[str, ...], list[int]]:
    texts = []
    for key in keys:
        write = writer(key.type)
        values = whole.column(key.name).to_pylist()
        texts.append([HIVE_NULL if v is None else write(v) or HIVE_NULL for v in values])
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, values in enumerate(zip(*texts, strict=True)):
        groups.setdefault(values, []).append(index)
    return groups


def add_partitions(run: Run, table: Table, rows: Written) -> None:
    inputs = [
        partitions.partition_input(
            table, partition, partitions.partition_location(table, partition)
        )
        for partition in rows.partitions
    ]
    partitions.add_partitions(run, table, inputs, if_not_exists=True)


def finished(run: Run, rows: Written) -> Result:
    """Names the files that were written in the manifest, as clients expect them."""
    manifest = run.request.manifest
    run.storage.write(manifest, "".join(f"{file}\n" for file in rows.files).encode())
    run.statistics["DataManifestLocation"] = manifest
    run.statistics["_rows"] = rows.rows
    return {"written": rows.rows}
