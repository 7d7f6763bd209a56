"""Result files: the CSV of a query, the lines of a statement, and the .metadata beside each.

Athena's own .metadata is an undocumented binary that no client reads. Here it is the four bytes
`ATH1`, the length of what follows as a big-endian 32-bit number, and ColumnInfo as JSON.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import Any

from services.edge.athena.engine.files import Storage
from services.edge.athena.engine.values import Writer, values, writer
from services.edge.athena.sql.column_info import ColumnInfo, column_info
from services.edge.athena.sql.trino.types import BOOLEAN, Type

MAGIC = b"ATH1"
IN_MEMORY = 16 * 2**20  # bytes of a result that are kept before it goes to a file


def metadata(columns: list[ColumnInfo]) -> bytes:
    body = json.dumps(columns).encode()
    return MAGIC + struct.pack(">I", len(body)) + body


def described(names: list[str], types: list[Type]) -> list[ColumnInfo]:
    return [column_info(name, kind) for name, kind in zip(names, types, strict=True)]


def csv_row(values: Iterable[str | None]) -> str:
    """Every value in quotes; NULL is nothing at all."""
    quoted = ("" if v is None else '"' + v.replace('"', '""') + '"' for v in values)
    return ",".join(quoted) + "\n"


def csv_lines(batch: Any, writers: list[Writer]) -> str:
    columns = [
        [None if value is None else write(value) for value in values(column)]
        for column, write in zip(batch.columns, writers, strict=True)
    ]
    return "".join(map(csv_row, zip(*columns, strict=True)))


def write_csv(
    storage: Storage,
    location: str,
    columns: list[ColumnInfo],
    types: list[Type],
    batches: Iterable[Any],
) -> int:
    """Writes the result as it comes; answers how many rows it has."""
    writers = [writer(kind) for kind in types]
    rows = 0
    with SpooledTemporaryFile(IN_MEMORY) as out:
        out.write(csv_row(column["Name"] for column in columns).encode())
        for batch in batches:
            out.write(csv_lines(batch, writers).encode())
            rows += batch.num_rows
        storage.upload(location, out)
    storage.write(f"{location}.metadata", metadata(columns))
    return rows


def write_lines(
    storage: Storage, location: str, lines: list[str], columns: list[ColumnInfo]
) -> None:
    storage.write(location, "".join(f"{line}\n" for line in lines).encode())
    storage.write(f"{location}.metadata", metadata(columns))


def lines_column(name: str, kind: str = "string") -> ColumnInfo:
    """A column of a statement's answer, which has lines and not values."""
    # By a type that has no precision and no cases; `string` itself is none of Trino's.
    return {**column_info(name, BOOLEAN), "Type": kind}
