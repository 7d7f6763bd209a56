"""Delta tables in S3 as their log describes them: one version of schema, partitions and files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
from pyarrow import fs

from services.edge.delta import segments
from services.edge.delta.errors import NotADeltaTableError, UnreadableDeltaTableError
from services.edge.delta.replay import Action, DataFile, Replay, refusal
from services.edge.delta.schemas import Column, columns

LOCATION = re.compile(r"s3a?://(?P<table>[^/]+(/.*?)?)/*")
AT_ONCE = 8  # files of a log that are read side by side
_READ = (
    *("protocol", "metaData", "sidecar", "add.path", "add.partitionValues", "add.size"),
    *("add.deletionVector", "add.stats"),
)


@dataclass(frozen=True)
class Snapshot:
    """One version of a table; `columns` has the partition columns too, in the log's order."""

    location: str
    version: int
    columns: tuple[Column, ...]
    partition_columns: tuple[str, ...]
    configuration: dict[str, str]
    table_id: str
    schema: dict[str, Any] = field(default_factory=dict)
    files: tuple[DataFile, ...] = ()

    @property
    def data_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.name not in self.partition_columns)

    @property
    def partition_keys(self) -> tuple[Column, ...]:
        by_name = {column.name: column for column in self.columns}
        return tuple(by_name[name] for name in self.partition_columns)


def opened(location: str, files: Any) -> Snapshot:
    """The newest version of the table at an s3:// location; `files` is pyarrow's file system."""
    match = LOCATION.fullmatch(location)
    if match is None:
        raise NotADeltaTableError(location)
    root = match["table"]
    try:
        listed = files.get_file_info(fs.FileSelector(f"{root}/_delta_log", allow_not_found=True))
        segment = segments.newest(one.base_name for one in listed if one.is_file)
        if segment is None:
            raise NotADeltaTableError(location)
        replay = _replayed(segment, f"{root}/_delta_log", files)
    except (ValueError, KeyError, OSError, pa.ArrowException) as error:
        raise UnreadableDeltaTableError(location, _reason(error)) from error
    return _snapshot(f"s3://{root}", segment.version, replay)


def _snapshot(location: str, version: int, replay: Replay) -> Snapshot:
    if replay.protocol is None or replay.metadata is None:
        missing = "protocol" if replay.protocol is None else "metaData"
        raise UnreadableDeltaTableError(location, f"expected an action {missing}, found none")
    if refused := refusal(replay.protocol):
        raise UnreadableDeltaTableError(location, refused)
    metadata = replay.metadata
    try:
        schema = json.loads(metadata["schemaString"])
        described = columns(schema)
    except (ValueError, KeyError) as error:
        raise UnreadableDeltaTableError(location, _reason(error)) from error
    return Snapshot(
        location=location,
        version=version,
        columns=described,
        partition_columns=tuple(metadata.get("partitionColumns") or ()),
        configuration=dict(metadata.get("configuration") or {}),
        table_id=str(metadata["id"]),
        schema=schema,
        files=tuple(replay.files),
    )


def _replayed(segment: segments.Segment, folder: str, files: Any) -> Replay:
    replay = Replay()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        newest_first = [f"{folder}/{name}" for name in reversed(segment.commits)]
        for actions in pool.map(lambda one: list(_lines(one, files)), newest_first):
            replay.take(actions)
        parts = [f"{folder}/{name}" for name in segment.checkpoint]
        top = [a for read in pool.map(lambda one: _checkpoint(one, files), parts) for a in read]
        named = [one["sidecar"]["path"] for one in top if one.get("sidecar")]
        sidecars = [one if "/" in one else f"{folder}/_sidecars/{one}" for one in named]
        inner = pool.map(lambda one: _checkpoint(one, files), map(_plain, sidecars))
        replay.take([*top, *(action for read in inner for action in read)])
    return replay


def _checkpoint(path: str, files: Any) -> list[Action]:
    if path.endswith(".json"):
        return list(_lines(path, files))
    with files.open_input_file(path) as opened:
        found = parquet.ParquetFile(opened)
        present = {leaf.path for leaf in _leaves(found)}
        wanted = [one for one in _READ if _has(one, present)]
        return [_action(one) for one in found.read(columns=wanted).to_pylist()]


def _leaves(found: Any) -> Iterator[Any]:
    return (found.schema.column(index) for index in range(len(found.schema)))


def _has(name: str, present: Iterable[str]) -> bool:
    return any(one == name or one.startswith(f"{name}.") for one in present)


def _action(row: Action) -> Action:
    """As the JSON of a commit has it: maps are read as pairs."""
    add, metadata = row.get("add"), row.get("metaData")
    if add and add.get("path") is None:
        add = None
    if add:
        row = {**row, "add": {**add, "partitionValues": dict(add.get("partitionValues") or ())}}
    if metadata:
        configuration = dict(metadata.get("configuration") or ())
        row = {**row, "metaData": {**metadata, "configuration": configuration}}
    return {name: value for name, value in row.items() if value is not None and value != {}}


def _lines(path: str, files: Any) -> Iterator[Action]:
    with files.open_input_file(path) as opened:
        body = opened.read()
    for line in body.decode().splitlines():
        if line.strip():
            yield json.loads(line)


def _plain(address: str) -> str:
    return re.sub(r"^s3a?://", "", address)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"Json error: {error}"
    if isinstance(error, KeyError):
        return f"an action has no {error}"
    return " ".join(str(error).split())
