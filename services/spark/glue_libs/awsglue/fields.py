"""Paths of fields such as `a.b`: a DataFrame and paths in, a DataFrame with other fields out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

Path = tuple[str, ...]
STEP = re.compile(r"`([^`]+)`|([^.`]+)")
# Glue's names of types beside those that Spark's own parser knows.
TYPES = {"null": "void", "choice": None}


def path_of(text: str) -> Path:
    """A name with a dot in it stands in back quotes."""
    return tuple(quoted or plain for quoted, plain in STEP.findall(text))


def listed(paths: str | Iterable[str]) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths)


def column(path: Path) -> Column:
    return F.col(".".join(f"`{step}`" for step in path))


def type_at(schema: T.DataType, path: Path) -> T.DataType | None:
    """The type of the field; None where there is no such field."""
    found: T.DataType = schema
    for step in path:
        fields = {f.name.lower(): f for f in found} if isinstance(found, T.StructType) else {}
        if step.lower() not in fields:
            return None
        found = fields[step.lower()].dataType
    return found


def composed(frame: DataFrame, pairs: Sequence[tuple[Path, Column]]) -> DataFrame:
    """Exactly the given fields, each at its path: fields of one parent make a struct."""
    return frame.select(*(value.alias(name) for name, value in _built(pairs)))


def _built(pairs: Sequence[tuple[Path, Column]]) -> list[tuple[str, Column]]:
    below: dict[str, list[tuple[Path, Column]]] = {}
    for path, value in pairs:
        below.setdefault(path[0], []).append((path[1:], value))
    built = []
    for name, inner in below.items():
        whole = [value for path, value in inner if not path]
        parts = [(path, value) for path, value in inner if path]
        if whole:
            built.append((name, whole[-1]))
        else:
            built.append((name, F.struct(*(v.alias(n) for n, v in _built(parts)))))
    return built


def selected(frame: DataFrame, paths: Sequence[str]) -> DataFrame:
    """Only these fields; one that is not there is passed over, as Glue does."""
    found = [path for path in map(path_of, paths) if type_at(frame.schema, path) is not None]
    return composed(frame, [(path, column(path)) for path in found])


def without(frame: DataFrame, paths: Sequence[str]) -> DataFrame:
    for path in map(path_of, paths):
        if type_at(frame.schema, path) is None:
            continue
        if len(path) == 1:
            frame = frame.drop(path[0])
        else:
            inner = ".".join(f"`{step}`" for step in path[1:])
            frame = frame.withColumn(path[0], column(path[:1]).dropFields(inner))
    return frame


def renamed(frame: DataFrame, old: str, new: str) -> DataFrame:
    source, target = path_of(old), path_of(new)
    if type_at(frame.schema, source) is None:
        return frame
    if len(source) == len(target) == 1:
        return frame.withColumnRenamed(source[0], target[0])
    if target[:-1] == source[:-1]:
        inner = ".".join(f"`{step}`" for step in target[1:])
        parent = column(source[:1]).withField(inner, column(source))
        return without(frame.withColumn(source[0], parent), [old])
    kept = [((f.name,), column((f.name,))) for f in without(frame, [old]).schema]
    return composed(
        without(frame.withColumn("\0", column(source)), [old]), [*kept, (target, column(("\0",)))]
    )


def mapped(frame: DataFrame, mappings: Sequence[Sequence[str]]) -> DataFrame:
    """Only the mapped fields, with the types asked for; a source that is not there is left out."""
    pairs: list[tuple[Path, Column]] = []
    for mapping in mappings:
        if len(mapping) not in (2, 4):
            raise ValueError(
                "Expected a mapping (source, source type, target, target type) or"
                f" (source, target), found {mapping!r}"
            )
        source, target = path_of(mapping[0]), path_of(mapping[-2 if len(mapping) == 4 else -1])
        if type_at(frame.schema, source) is None:
            continue
        value = column(source)
        pairs.append((target, cast(value, mapping[3]) if len(mapping) == 4 else value))
    return composed(frame, pairs)


def cast(value: Column, kind: Any) -> Column:
    """A value that is none of the type becomes null, whatever Spark's ANSI mode is."""
    name = str(kind).strip()
    if TYPES.get(name.lower(), name) is None:
        raise ValueError("Expected the name of a type, found 'choice'")
    return value.cast(TYPES.get(name.lower()) or name)
