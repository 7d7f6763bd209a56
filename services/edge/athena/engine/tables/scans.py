"""A table's files as a dataset that DuckDB scans: parts are left out, measured, and read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.dataset as ds

from services.edge.athena.engine.files import File, Storage
from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column

AT_ONCE = 8  # files that are opened, and small ones that are read, side by side
SMALL = 4 * 2**20  # bytes of a file that is read before its turn comes
# https://docs.aws.amazon.com/athena/latest/ug/querying-finding-path.html and Trino's Hive connector
HIDDEN = [
    Column("$path", t.VARCHAR),
    Column("$file_size", t.BIGINT),
    Column("$file_modified_time", t.TIMESTAMP_TZ),
]
HIDDEN_FIELDS = [("$path", pa.string()), ("$file_size", pa.int64())]
HIDDEN_FIELDS += [("$file_modified_time", pa.timestamp("us", "UTC"))]


@dataclass(frozen=True)
class Part:
    """A file with what is true of all of its rows: the values of the partition that it is in."""

    file: File
    values: dict[str, Any] = field(default_factory=dict)  # Arrow's scalars by column
    extra: Any = None  # what its reader wants to know besides
    bounds: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # least and greatest values

    @property
    def constants(self) -> dict[str, Any]:
        own = (self.file.address, self.file.size, self.file.modified)
        pairs = zip(HIDDEN_FIELDS, own, strict=True)
        hidden = {name: pa.scalar(value, kind) for (name, kind), value in pairs}
        return {**hidden, **self.values}

    @property
    def condition(self) -> Any:
        tests = [
            ds.field(name).is_null() if not value.is_valid else ds.field(name) == value
            for name, value in self.values.items()
        ]
        for name, (least, most) in self.bounds.items():
            own = ds.field(name)
            tests += [(own >= least) | own.is_null(), (own <= most) | own.is_null()]
        whole = ds.scalar(True)
        for test in tests:
            whole = whole & test
        return whole


class OpenFile(Protocol):
    """A file that is about to be read."""

    @property
    def size(self) -> int:
        """How many bytes of it are read."""

    def batches(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows: how many, and an array for each of the names it was opened for."""


class Reader(Protocol):
    """How the files of a table are read; `names` are of its data columns."""

    def open(self, part: Part, fragment: Any, names: list[str], condition: Any) -> OpenFile: ...


@dataclass(frozen=True)
class Scan:
    """What DuckDB asks of a scanner.

    Not Arrow's own: that one waits for batches on Arrow's threads, which reading them wants too.
    """

    batches: Iterator[Any]
    schema: Any
    columns: list[str]
    condition: Any

    def to_reader(self) -> Any:
        schema = pa.schema(self.schema.field(name) for name in self.columns)
        return pa.RecordBatchReader.from_batches(schema, self._chosen())

    def _chosen(self) -> Iterator[Any]:
        for batch in self.batches:
            kept = batch if self.condition is None else batch.filter(self.condition)
            yield kept.select(self.columns)


class TableData(ds.FileSystemDataset):  # type: ignore[misc]
    """The counter adds what each scan is about to read."""

    storage: Storage
    parts: dict[tuple[str, str], Part]
    reader: Reader

    def scanner(self, columns: Any = None, filter: Any = None, **_: Any) -> Any:
        """The columns, of the rows under the filter."""
        condition = filter
        said = "" if condition is None else str(condition)
        wanted = set(self.schema.names if columns is None else columns)
        schema = pa.schema(
            column for column in self.schema if column.name in wanted or column.name in said
        )
        if not schema.names:
            schema = pa.schema([self.schema.field("$path")])
        found = [
            (self.parts[_key(fragment)], fragment) for fragment in self.get_fragments(condition)
        ]
        names = [name for name in schema.names if found and name not in found[0][0].constants]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            opened = pool.map(
                lambda found: self.reader.open(found[0], found[1], names, condition), found
            )
            files = deque(zip((part for part, _ in found), opened, strict=True))
        self.storage.counter.add(sum(file.size for _, file in files))
        chosen = self.schema.names if columns is None else list(columns)
        return Scan(_batches(files, names, schema), schema, chosen, condition)


def _batches(files: deque[tuple[Part, OpenFile]], names: list[str], schema: Any) -> Iterator[Any]:
    """In the order of the files; small ones are read ahead."""

    def read(part: Part, file: OpenFile) -> Iterator[Any]:
        constants = part.constants
        for rows, arrays in file.batches():
            own = dict(zip(names, arrays, strict=True))
            columns = [
                own[column.name] if column.name in own else pa.repeat(constants[column.name], rows)
                for column in schema
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    waiting: deque[Any] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while files or waiting:
            while files and len(waiting) < AT_ONCE:
                part, file = files.popleft()
                is_small = part.file.size <= SMALL
                waiting.append(pool.submit(list, read(part, file)) if is_small else (part, file))
            first = waiting.popleft()
            yield from read(*first) if isinstance(first, tuple) else first.result()


def whole_schema(columns: list[Column]) -> Any:
    """Arrow's schema of data columns and partition keys, with the hidden ones at the end."""
    fields = [pa.field(column.name or "", arrow(column.type)) for column in columns]
    return pa.schema([*fields, *(pa.field(*hidden) for hidden in HIDDEN_FIELDS)])


def table_data(parts: list[Part], schema: Any, storage: Storage, reader: Reader) -> TableData:
    """`schema` is a `whole_schema`, or one whose data columns are texts."""
    style = ds.ParquetFileFormat()  # each fragment's footer is read where the reader asks for it
    fragments = [
        style.make_fragment(
            part.file.path, storage.files, part.condition, file_size=part.file.size or None
        )
        for part in parts
    ]
    data = TableData(fragments, schema, style, storage.files)
    data.storage, data.reader = storage, reader
    data.parts = {_key(fragment): part for fragment, part in zip(fragments, parts, strict=True)}
    return data


def _key(fragment: Any) -> tuple[str, str]:
    """Two partitions may have one place."""
    return fragment.path, str(fragment.partition_expression)
