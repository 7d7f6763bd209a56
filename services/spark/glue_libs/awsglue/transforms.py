"""The transforms of AWS's library, each a class with `apply`, over the methods of DynamicFrame."""

from __future__ import annotations

from typing import Any

from pyspark.sql import functions as F

from .dynamicframe import DynamicFrame, DynamicFrameCollection
from .refusals import refused


class GlueTransform:
    """`Transform.apply(...)` and `Transform()(...)` are one."""

    @classmethod
    def apply(cls, *args: Any, **named: Any) -> Any:
        return cls()(*args, **named)

    @classmethod
    def name(cls) -> str:
        return cls.__name__

    def __call__(self, *args: Any, **named: Any) -> Any:
        raise refused(f"awsglue.transforms.{type(self).__name__}")


class ApplyMapping(GlueTransform):
    def __call__(self, frame: DynamicFrame, mappings: Any, *args: Any, **named: Any) -> Any:
        return frame.apply_mapping(mappings, *args, **named)


class SelectFields(GlueTransform):
    def __call__(self, frame: DynamicFrame, paths: Any, *_: Any, **__: Any) -> Any:
        return frame.select_fields(paths)


class DropFields(GlueTransform):
    def __call__(self, frame: DynamicFrame, paths: Any, *_: Any, **__: Any) -> Any:
        return frame.drop_fields(paths)


class RenameField(GlueTransform):
    def __call__(
        self, frame: DynamicFrame, old_name: str, new_name: str, *_: Any, **__: Any
    ) -> Any:
        return frame.rename_field(old_name, new_name)


class Filter(GlueTransform):
    def __call__(self, frame: DynamicFrame, f: Any, *_: Any, **__: Any) -> Any:
        return frame.filter(f)


class Map(GlueTransform):
    def __call__(self, frame: DynamicFrame, f: Any, *_: Any, **__: Any) -> Any:
        return frame.map(f)


class Join(GlueTransform):
    def __call__(
        self,
        frame1: DynamicFrame,
        frame2: DynamicFrame,
        keys1: Any,
        keys2: Any,
        *_: Any,
        **__: Any,
    ) -> Any:
        return frame1.join(keys1, keys2, frame2)


class ResolveChoice(GlueTransform):
    def __call__(
        self,
        frame: DynamicFrame,
        specs: Any = None,
        choice: str = "",
        database: str | None = None,
        table_name: str | None = None,
        *_: Any,
        **__: Any,
    ) -> Any:
        return frame.resolveChoice(specs, choice, database, table_name)


class DropNullFields(GlueTransform):
    """Without the fields that are missing or null in every record."""

    def __call__(self, frame: DynamicFrame, *_: Any, **__: Any) -> Any:
        whole = frame.toDF()
        if not whole.columns:
            return frame
        counted = whole.select(*(F.count(whole[f"`{n}`"]).alias(n) for n in whole.columns)).first()
        assert counted is not None
        empty = [name for name, count in zip(whole.columns, counted, strict=True) if not count]
        return DynamicFrame(whole.drop(*empty), frame.glue_ctx, frame.name)


class SelectFromCollection(GlueTransform):
    def __call__(self, dfc: DynamicFrameCollection, key: str, *_: Any, **__: Any) -> Any:
        return dfc.select(key)


class Repartition(GlueTransform):
    def __call__(self, frame: DynamicFrame, num_partitions: int, *_: Any, **__: Any) -> Any:
        return frame.repartition(num_partitions)


# They can be imported, as scripts begin with `import *`, and are refused where they are used.
_REFUSED = (
    *("ErrorsAsDynamicFrame", "FlatMap", "MapToCollection", "Relationalize", "Spigot"),
    *("SplitFields", "SplitRows", "Unbox", "Union", "UnnestFrame", "FindMatches"),
    *("FindIncrementalMatches", "FillMissingValues", "EntityDetector"),
)
globals().update({name: type(name, (GlueTransform,), {}) for name in _REFUSED})
_SERVED = (
    *("ApplyMapping", "DropFields", "DropNullFields", "Filter", "GlueTransform", "Join", "Map"),
    *("RenameField", "Repartition", "ResolveChoice", "SelectFields", "SelectFromCollection"),
)
__all__ = [*_SERVED, *_REFUSED]
