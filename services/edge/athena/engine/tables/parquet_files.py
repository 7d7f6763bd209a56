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
SMALL = 64 * 1024  # bytes of a file's end that Arrow reads for its footer
Deleted = list[int]


@dataclass(frozen=True)
class ParquetReader:
    """`extra` of a part is the Delta table's deletion vector of its file, as bytes."""

    shapes: dict[str, Shape]
    schema: Any
    storage: Storage

    def open(self, part: Part, fragment: Any, names: list[str], condition: Any) -> OpenParquet:
        fragment = _opened(part, fragment)
        fields = list(fragment.physical_schema)
        columns = []
        for shape in (self.shapes[name] for name in names):
            place = shape.found(fields)
            columns.append((shape, None if place is None else fields[place]))
        is_whole = condition is None or part.extra is not None
        groups = None if is_whole else self._groups(fragment, fields, condition)
        every = range(fragment.metadata.num_row_groups)
        return OpenParquet(part, fragment, columns, list(every) if groups is None else groups)

    def _groups(self, fragment: Any, fields: list[Any], condition: Any) -> list[int] | None:
        """The row groups that may have rows under the condition, by their statistics.

        None, for all of them, where a column of the condition is not in the file just as it is
        declared.
        """
        said = str(condition)
        for shape in (shape for name, shape in self.shapes.items() if name in said):
            place = shape.found(fields)
            if place is None or fields[place].name != shape.name or shape.type.args:
                return None
            if fields[place].type != arrow(shape.type):
                return None
        parts = fragment.split_by_row_group(filter=condition, schema=self.schema)
        return sorted(group.id for part in parts for group in part.row_groups)


@dataclass(frozen=True)
class OpenParquet:
    """Each column's shape with the file's field, None where the file has none; its row groups."""

    part: Part
    fragment: Any
    columns: list[tuple[Shape, Any]]
    groups: list[int]

    @property
    def size(self) -> int:
        """Of the footer and the columns' chunks."""
        metadata, wanted = self.fragment.metadata, self._names()
        chunks = (
            chunk
            for number in self.groups
            for chunk in _chunks(metadata.row_group(number))
            if chunk.path_in_schema.partition(".")[0] in wanted or chunk.path_in_schema in wanted
        )
        return int(metadata.serialized_size + sum(chunk.total_compressed_size for chunk in chunks))

    def _names(self) -> list[str]:
        return [field.name for _, field in self.columns if field is not None]

    def batches(self) -> Iterator[tuple[int, list[Any]]]:
        metadata, read = self.fragment.metadata, self._names()
        extra = self.part.extra
        deleted = [] if extra is None else deletion_vectors.positions(extra)
        if not read and not deleted:
            rows = sum(metadata.row_group(number).num_rows for number in self.groups)
            yield rows, [pa.nulls(rows, arrow(shape.type)) for shape, _ in self.columns]
            return
        address = self.part.file.address
        with self.fragment.open() as opened:
            file = parquet.ParquetFile(
                opened, metadata=metadata, pre_buffer=True, coerce_int96_timestamp_unit="us"
            )
            start = 0
            for batch in file.iter_batches(BATCH_ROWS, row_groups=self.groups, columns=read):
                kept = _without(batch, deleted, start)
                start += batch.num_rows
                yield (
                    kept.num_rows,
                    [_of(kept, *column, address) for column in self.columns],
                )


def _opened(part: Part, fragment: Any) -> Any:
    """With its footer; a small file is in memory, for its footer is read with all before it."""
    try:
        if part.file.size <= SMALL:
            with fragment.open() as file:
                body = pa.py_buffer(file.read(part.file.size))
            known = fragment.partition_expression
            fragment = fragment.format.make_fragment(body, partition_expression=known)
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
    return fragment


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
