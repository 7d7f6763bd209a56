"""Parquet files in the shape that a table declares; deleted rows are left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from services.edge.athena.engine.files import Storage
from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.engine.tables.scans import Part
from services.edge.athena.engine.tables.shapes import Shape, shaped
from services.edge.athena.sql.errors import QueryError
from services.edge.delta import deletion_vectors

BATCH_ROWS = 64 * 1024
Deleted = list[int]


@dataclass(frozen=True)
class ParquetReader:
    """`extra` of a part is the Delta table's deletion vector of its file, as bytes."""

    shapes: dict[str, Shape]
    schema: Any
    storage: Storage

    def size(self, part: Part, fragment: Any, names: list[str], condition: Any) -> int:
        metadata = self._opened(part, fragment)
        wanted = {field.name for _, field in self._columns(fragment, names) if field is not None}
        groups = self._groups(fragment, condition, part.extra is not None)
        chunks = (
            chunk
            for number in groups
            for chunk in _chunks(metadata.row_group(number))
            if chunk.path_in_schema.partition(".")[0] in wanted or chunk.path_in_schema in wanted
        )
        return int(metadata.serialized_size + sum(one.total_compressed_size for one in chunks))

    def batches(
        self, part: Part, fragment: Any, names: list[str], condition: Any
    ) -> Iterator[tuple[int, list[Any]]]:
        metadata = self._opened(part, fragment)
        columns = self._columns(fragment, names)
        groups = self._groups(fragment, condition, part.extra is not None)
        deleted = [] if part.extra is None else deletion_vectors.positions(part.extra)
        read = [field.name for _, field in columns if field is not None]
        if not read and not deleted:
            rows = sum(metadata.row_group(number).num_rows for number in groups)
            yield rows, [pa.nulls(rows, arrow(shape.type)) for shape, _ in columns]
            return
        with fragment.open() as opened:
            file = parquet.ParquetFile(
                opened, metadata=metadata, pre_buffer=True, coerce_int96_timestamp_unit="us"
            )
            found = file.iter_batches(BATCH_ROWS, row_groups=groups, columns=read)
            start = 0
            for batch in found:
                kept = _without(batch, deleted, start)
                start += batch.num_rows
                yield kept.num_rows, [_of(kept, *one, part.file.address) for one in columns]

    def _opened(self, part: Part, fragment: Any) -> Any:
        try:
            fragment.ensure_complete_metadata()  # kept, so that it is read once
        except (pa.ArrowInvalid, OSError) as error:
            if isinstance(error, FileNotFoundError) or "NOT_FOUND" in str(error):
                raise QueryError(
                    "HIVE_CANNOT_OPEN_SPLIT",
                    f"Error opening Hive split {part.file.address}: the file does not exist",
                ) from error
            raise QueryError(
                "HIVE_BAD_DATA", f"Malformed Parquet file {part.file.address}: {error}"
            ) from error
        return fragment.metadata

    def _columns(self, fragment: Any, names: list[str]) -> list[tuple[Shape, Any]]:
        """Each column's shape with the file's field; None where the file has none."""
        fields = list(fragment.physical_schema)
        found = []
        for name in names:
            place = self.shapes[name].found(fields)
            found.append((self.shapes[name], None if place is None else fields[place]))
        return found

    def _groups(self, fragment: Any, condition: Any, whole: bool) -> list[int]:
        """The row groups that may have rows under the condition, by their statistics.

        All of them where a column of the condition is not in the file just as it is declared, or
        where the rows' positions count.
        """
        every = list(range(fragment.metadata.num_row_groups))
        if whole or condition is None:
            return every
        said = str(condition)
        fields = list(fragment.physical_schema)
        for shape in (one for name, one in self.shapes.items() if name in said):
            place = shape.found(fields)
            if place is None or fields[place].name != shape.name or shape.type.args:
                return every
            if fields[place].type != arrow(shape.type):
                return every
        parts = fragment.split_by_row_group(filter=condition, schema=self.schema)
        return sorted(group.id for one in parts for group in one.row_groups)


def _chunks(group: Any) -> Iterator[Any]:
    return (group.column(index) for index in range(group.num_columns))


def _of(batch: Any, shape: Shape, field: Any, file: str) -> Any:
    if field is None:
        return pa.nulls(batch.num_rows, arrow(shape.type))
    return shaped(batch.column(field.name), shape, file)


def _without(batch: Any, deleted: Deleted, start: int) -> Any:
    """The batch, whose first row is the file's row `start`, without the rows that are deleted."""
    end = start + batch.num_rows
    own = deleted[bisect_left(deleted, start) : bisect_left(deleted, end)]
    if not own:
        return batch
    gone = {position - start for position in own}
    kept = [row for row in range(batch.num_rows) if row not in gone]
    return batch.take(pa.array(kept, pa.int64()))
