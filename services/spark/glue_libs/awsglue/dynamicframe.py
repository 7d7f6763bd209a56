"""DynamicFrame over one DataFrame: its schema is known, so there are no choice types in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from . import catalog, fields, records
from .refusals import refused

if TYPE_CHECKING:
    from .context import GlueContext

CHOICES = ("", "make_cols", "make_struct", "keep_as_struct")


class DynamicFrame:
    """Every transformation gives a new one; `transformation_ctx` and thresholds change nothing."""

    def __init__(self, dataframe: DataFrame, glue_ctx: GlueContext, name: str = "") -> None:
        if not isinstance(dataframe, DataFrame):
            raise TypeError(f"Expected a DataFrame, found {type(dataframe).__name__}")
        self._frame, self.glue_ctx, self.name = dataframe, glue_ctx, name

    @classmethod
    def fromDF(cls, dataframe: DataFrame, glue_ctx: GlueContext, name: str = "") -> DynamicFrame:
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options: Any = None) -> DataFrame:
        if options:
            raise refused("DynamicFrame.toDF with options", "no field has a choice of types")
        return self._frame

    def schema(self) -> T.StructType:
        """Spark's own StructType."""
        return self._frame.schema

    def printSchema(self) -> None:
        """As Glue prints it: without the blank and the nullability of Spark's."""
        print(_tree(self._frame.schema))

    def show(self, num_rows: int = 20) -> None:
        """One record a line, as JSON."""
        for line in self._frame.toJSON().take(num_rows):
            print(line)

    def count(self) -> int:
        return self._frame.count()

    def errorsCount(self) -> int:
        return 0

    def select_fields(self, paths: str | Iterable[str], *_: Any, **__: Any) -> DynamicFrame:
        return self._with(fields.selected(self._frame, fields.listed(paths)))

    def drop_fields(self, paths: str | Iterable[str], *_: Any, **__: Any) -> DynamicFrame:
        return self._with(fields.without(self._frame, fields.listed(paths)))

    def rename_field(self, oldName: str, newName: str, *_: Any, **__: Any) -> DynamicFrame:
        return self._with(fields.renamed(self._frame, oldName, newName))

    def apply_mapping(
        self, mappings: Sequence[Sequence[str]], case_sensitive: bool = False, *_: Any, **__: Any
    ) -> DynamicFrame:
        if case_sensitive:
            raise refused("apply_mapping with case_sensitive", "names are told apart by letters")
        return self._with(fields.mapped(self._frame, mappings))

    def resolveChoice(
        self,
        specs: Sequence[tuple[str, str]] | None = None,
        choice: str = "",
        database: str | None = None,
        table_name: str | None = None,
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        """`cast:type` and `project:type` cast; the rest has no choice of types to resolve."""
        if choice == "match_catalog":
            wanted = catalog.column_types(str(database), str(table_name)).items()
            specs = [(name, f"cast:{kind}") for name, kind in wanted]
        elif choice.startswith("cast:"):
            specs = [(f"`{name}`", choice) for name in self._frame.columns]
        elif choice not in CHOICES:
            raise refused(f"resolveChoice with choice {choice!r}")
        frame = self._frame
        for name, action in specs or []:
            frame = _resolved(frame, name, action)
        return self._with(frame)

    def filter(self, f: Callable[[Any], Any], *_: Any, **__: Any) -> DynamicFrame:
        return self._with(records.filtered(self._frame, f))

    def map(self, f: Callable[[Any], Any], *_: Any, **__: Any) -> DynamicFrame:
        return self._with(records.changed(self._frame, f))

    def join(
        self,
        paths1: str | Iterable[str],
        paths2: str | Iterable[str],
        frame2: DynamicFrame,
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        """An inner join; a field of the second frame that the first has too begins with a dot."""
        mine = {name.lower() for name in self._frame.columns}
        other = frame2.toDF().toDF(
            *(f".{name}" if name.lower() in mine else name for name in frame2.toDF().columns)
        )
        left, right = fields.listed(paths1), fields.listed(paths2)
        if len(left) != len(right) or not left:
            raise ValueError(f"Expected as many keys on both sides, found {left} and {right}")
        condition = F.lit(True)
        for one, two in zip(left, right, strict=True):
            first, *rest = fields.path_of(two)
            path = (f".{first}" if first.lower() in mine else first, *rest)
            condition = condition & (_of(self._frame, fields.path_of(one)) == _of(other, path))
        joined = self._frame.join(other, on=condition, how="inner")
        return DynamicFrame(joined, self.glue_ctx, self.name + frame2.name)

    def repartition(self, num_partitions: int, *_: Any, **__: Any) -> DynamicFrame:
        return self._with(self._frame.repartition(num_partitions))

    def coalesce(self, num_partitions: int, *_: Any, **__: Any) -> DynamicFrame:
        return self._with(self._frame.coalesce(num_partitions))

    def getNumPartitions(self) -> int:
        return self._frame.rdd.getNumPartitions()

    def write(
        self,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> DynamicFrame:
        return self.glue_ctx.write_dynamic_frame_from_options(
            self, connection_type, connection_options, format, format_options
        )

    def _with(self, frame: DataFrame) -> DynamicFrame:
        return DynamicFrame(frame, self.glue_ctx, self.name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise refused(f"DynamicFrame.{name}")


class DynamicFrameCollection:
    """DynamicFrames by name."""

    def __init__(self, dynamic_frames: Mapping[str, DynamicFrame], glue_ctx: GlueContext) -> None:
        self._frames, self.glue_ctx = dict(dynamic_frames), glue_ctx

    def keys(self) -> list[str]:
        return list(self._frames)

    def values(self) -> list[DynamicFrame]:
        return list(self._frames.values())

    def select(self, key: str, *_: Any, **__: Any) -> DynamicFrame:
        return self._frames[key]

    def __getitem__(self, key: str) -> DynamicFrame:
        return self._frames[key]

    def __len__(self) -> int:
        return len(self._frames)

    def __getattr__(self, name: str) -> Any:
        raise refused(f"DynamicFrameCollection.{name}")


def _resolved(frame: DataFrame, name: str, action: str) -> DataFrame:
    verb, _, kind = action.partition(":")
    path = fields.path_of(name)
    if verb in ("cast", "project") and kind:
        if fields.type_at(frame.schema, path) is None:
            return frame
        value = fields.cast(fields.column(path), kind)
        if len(path) == 1:
            return frame.withColumn(path[0], value)
        inner = ".".join(f"`{step}`" for step in path[1:])
        return frame.withColumn(path[0], fields.column(path[:1]).withField(inner, value))
    if action not in CHOICES:
        raise refused(f"resolveChoice with {action!r} for {name}")
    return frame


def _of(frame: DataFrame, path: fields.Path) -> Any:
    return frame[".".join(f"`{step}`" for step in path)]


def _tree(schema: T.StructType) -> str:
    return "\n".join(["root", *_lines(schema, "|")])


def _lines(kind: T.DataType, indent: str) -> Iterable[str]:
    if isinstance(kind, T.StructType):
        for field in kind:
            yield f"{indent}-- {field.name}: {_word(field.dataType)}"
            yield from _lines(field.dataType, f"{indent}    |")
    elif isinstance(kind, T.ArrayType):
        yield f"{indent}-- element: {_word(kind.elementType)}"
        yield from _lines(kind.elementType, f"{indent}    |")


def _word(kind: T.DataType) -> str:
    return kind.typeName() if isinstance(kind, (T.StructType, T.ArrayType)) else _simple(kind)


def _simple(kind: T.DataType) -> str:
    return "long" if isinstance(kind, T.LongType) else kind.simpleString()
