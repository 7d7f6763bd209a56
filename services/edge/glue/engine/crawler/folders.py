"""Sampled folders grouped into tables and their partitions, as a crawler of AWS does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import reduce
from urllib.parse import unquote

from services.edge.delta.schemas import Column
from services.edge.glue.engine.crawler import column_types
from services.edge.glue.engine.crawler.samples import Sample, json_format
from services.edge.glue.engine.crawler.tables import FoundTable, Partition

# https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html
SIMILARITY = 0.7


@dataclass(frozen=True)
class Folder:
    """A folder that holds files: the segments of its path, and samples by file name.

    `objects` and `size` are of all its files, sampled or not.
    """

    segments: tuple[str, ...]
    samples: dict[str, Sample]
    objects: int
    size: int


def tables(
    folders: Sequence[Folder], bucket: str, depth: int = 0, *, combine: bool = False
) -> list[FoundTable]:
    """One table where most folders are alike, else those of each folder below, else one per file.

    A table stands at least `depth` segments below the bucket. With `combine` only the format
    decides: https://docs.aws.amazon.com/glue/latest/dg/crawler-grouping-policy.html
    """
    if not folders:
        return []
    root = _root(folders, depth)
    if _are_one_table(folders, combine=combine):
        keys = _partition_keys(folders, len(root))
        if keys is not None:
            return [_table(folders, bucket, root, keys)]
    below: dict[str, list[Folder]] = {}
    found = []
    for folder in folders:
        if len(folder.segments) == len(root):
            found += _of_files(folder, bucket, combine=combine)
        else:
            below.setdefault(folder.segments[len(root)], []).append(folder)
    deeper = (tables(below[name], bucket, len(root) + 1, combine=combine) for name in below)
    return found + [table for found_below in deeper for table in found_below]


def file_table(folder: Folder, bucket: str, name: str) -> FoundTable:
    """The table of a single file, at the file's own address."""
    whole = _table([replace(folder, objects=1)], bucket, folder.segments, [])
    return replace(
        _with_columns(whole, [folder.samples[name]], []), location=f"{whole.location}{name}"
    )


def _root(folders: Sequence[Folder], depth: int) -> tuple[str, ...]:
    """The segments that all have in common, up to the first that is a partition."""
    first, last = min(f.segments for f in folders), max(f.segments for f in folders)
    root = list(first[:depth])
    for one, other in zip(first[depth:], last[depth:], strict=False):
        if one != other or "=" in one:
            break
        root.append(one)
    return tuple(root)


def _of_files(folder: Folder, bucket: str, *, combine: bool) -> list[FoundTable]:
    """Files of one folder: a table of all where they are alike, else one of each that was read."""
    if _are_one_table([folder], combine=combine):
        return [_table([folder], bucket, folder.segments, [])]
    return [file_table(folder, bucket, name) for name in folder.samples]


def _are_one_table(folders: Sequence[Folder], *, combine: bool) -> bool:
    """All of one format, each folder's files alike, and the majority of the folders, too."""
    samples = [list(folder.samples.values()) for folder in folders]
    first = samples[0][0]
    if not all(_compatible(first, other) for of_folder in samples for other in of_folder):
        return False
    if combine:
        return True
    if not all(_similar(set(s[0].columns), set(o.columns)) for s in samples for o in s):
        return False
    schemas = Counter(frozenset(of_folder[0].columns) for of_folder in samples)
    alike = (
        sum(count for other, count in schemas.items() if _similar(schema, other))
        for schema in schemas
    )
    return max(alike) * 2 > len(folders)


def _compatible(one: Sample, other: Sample) -> bool:
    return one.classification == other.classification and one.parameters == other.parameters


def _similar(one: Set[str], other: Set[str]) -> bool:
    return len(one & other) >= SIMILARITY * max(len(one), len(other))


def _partition_keys(folders: Sequence[Folder], depth: int) -> list[str] | None:
    """The names of the levels below the root; None where the folders do not agree on them."""
    levels = {tuple(_key(s) for s in folder.segments[depth:]) for folder in folders}
    if len(levels) != 1:
        return None
    return [name or f"partition_{level}" for level, name in enumerate(levels.pop())]


def _key(segment: str) -> str:
    return segment.partition("=")[0].lower() if "=" in segment else ""


def _value(segment: str) -> str:
    return unquote(segment.partition("=")[2] if "=" in segment else segment)


def _table(
    folders: Sequence[Folder], bucket: str, root: tuple[str, ...], keys: list[str]
) -> FoundTable:
    samples = [sample for folder in folders for sample in folder.samples.values()]
    partitions = tuple(
        Partition(
            tuple(_value(s) for s in folder.segments[len(root) :]),
            _address(bucket, folder.segments),
        )
        for folder in folders
        if keys
    )
    table = FoundTable(
        location=_address(bucket, root),
        classification=samples[0].classification,
        columns=(),
        partition_keys=tuple(Column(key, "string") for key in keys),
        format=samples[0].format,
        parameters={
            "typeOfData": "file",
            "compressionType": "none",
            "objectCount": str(sum(folder.objects for folder in folders)),
            "sizeKey": str(sum(folder.size for folder in folders)),
            **samples[0].parameters,
        },
        partitions=partitions,
    )
    return _with_columns(table, samples, keys)


def _with_columns(table: FoundTable, samples: Sequence[Sample], keys: list[str]) -> FoundTable:
    """The columns of all samples; a partition key goes before a column of its name."""
    merged = reduce(column_types.merged_fields, (sample.columns for sample in samples))
    columns = {name: kind for name, kind in merged.items() if name not in keys}
    named = tuple(Column(name, column_types.hive_name(kind)) for name, kind in columns.items())
    form = json_format(columns) if table.classification == "json" else samples[0].format
    return replace(table, columns=named, format=form, classification=samples[0].classification)


def _address(bucket: str, segments: tuple[str, ...]) -> str:
    return "/".join([f"s3://{bucket}", *segments, ""])
