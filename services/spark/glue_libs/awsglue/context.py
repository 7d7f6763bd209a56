"""GlueContext: DynamicFrames read and written, the session, the logger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyspark import SparkContext
from pyspark.sql import DataFrame, SparkSession

from . import catalog, sinks, sources
from .dynamicframe import DynamicFrame
from .logger import GlueLogger
from .refusals import check_options, refused

Options = Mapping[str, Any]
# Of Spark's SQLContext, which AWS's GlueContext extends.
OF_THE_SESSION = ("createDataFrame", "read", "readStream", "sql", "table", "udf", "range")


class GlueContext:
    def __init__(self, sparkContext: SparkContext, **_options: Any) -> None:
        self.spark_session = SparkSession.builder.getOrCreate()
        self.sparkContext = sparkContext
        self.create_dynamic_frame = _Calls(
            from_options=self.create_dynamic_frame_from_options,
            from_catalog=self.create_dynamic_frame_from_catalog,
            from_rdd=self.create_dynamic_frame_from_rdd,
        )
        self.write_dynamic_frame = _Calls(
            from_options=self.write_dynamic_frame_from_options,
            from_catalog=self.write_dynamic_frame_from_catalog,
        )
        self.create_data_frame = _Calls(
            from_options=self.create_data_frame_from_options,
            from_catalog=self.create_data_frame_from_catalog,
        )

    def create_dynamic_frame_from_options(
        self,
        connection_type: str,
        connection_options: Options | None = None,
        format: str | None = None,
        format_options: Options | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **more: Any,
    ) -> DynamicFrame:
        check_options("create_dynamic_frame.from_options", more, ())
        frame = sources.read(
            self.spark_session,
            connection_type,
            connection_options or {},
            format,
            format_options or {},
        )
        return DynamicFrame(_where(frame, push_down_predicate), self, transformation_ctx)

    def create_dynamic_frame_from_catalog(
        self,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Options | None = None,
        catalog_id: str | None = None,
        **more: Any,
    ) -> DynamicFrame:
        """`push_down_predicate` is a condition of Spark's SQL, of partition keys on AWS."""
        database = more.pop("name_space", database)
        if not database or not table_name:
            raise ValueError(f"Expected database and table_name, found {database}, {table_name}")
        check_options("create_dynamic_frame.from_catalog", more, ())
        check_options("additional_options", additional_options or {}, (), sources.TUNING)
        frame = catalog.read(self.spark_session, catalog.table(database, table_name))
        return DynamicFrame(_where(frame, push_down_predicate), self, table_name)

    def create_dynamic_frame_from_rdd(
        self,
        data: Any,
        name: str,
        schema: Any = None,
        sample_ratio: float | None = None,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        frame = self.spark_session.createDataFrame(data, schema, samplingRatio=sample_ratio)
        return DynamicFrame(frame, self, name)

    def write_dynamic_frame_from_options(
        self,
        frame: DynamicFrame,
        connection_type: str,
        connection_options: Options | None = None,
        format: str | None = None,
        format_options: Options | None = None,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        if not isinstance(frame, DynamicFrame):
            raise TypeError(f"Expected a DynamicFrame, found {type(frame).__name__}")
        sinks.write(
            frame.toDF(), connection_type, connection_options or {}, format, format_options or {}
        )
        return frame

    def write_dynamic_frame_from_catalog(
        self,
        frame: DynamicFrame,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: Options | None = None,
        catalog_id: str | None = None,
        **more: Any,
    ) -> DynamicFrame:
        """Into the table's location and format; the catalog itself is left as it is."""
        database = more.pop("name_space", database)
        if not database or not table_name:
            raise ValueError(f"Expected database and table_name, found {database}, {table_name}")
        check_options("write_dynamic_frame.from_catalog", more, ())
        given = dict(additional_options or {})
        check_options("additional_options", given, ("partitionKeys",))
        found = catalog.table(database, table_name)
        keys = given.get("partitionKeys") or list(found.keys)
        form = {"withHeader": "writeHeader"}
        options = {form.get(name, name): value for name, value in found.options.items()}
        target = {"path": found.location, "partitionKeys": keys}
        sinks.write(frame.toDF(), "s3", target, found.form, options)
        return frame

    def create_data_frame_from_options(self, *args: Any, **more: Any) -> DataFrame:
        return self.create_dynamic_frame_from_options(*args, **more).toDF()

    def create_data_frame_from_catalog(self, *args: Any, **more: Any) -> DataFrame:
        return self.create_dynamic_frame_from_catalog(*args, **more).toDF()

    def get_logger(self) -> GlueLogger:
        return GlueLogger()

    def __getattr__(self, name: str) -> Any:
        if name in OF_THE_SESSION:
            return getattr(self.spark_session, name)
        raise refused(f"GlueContext.{name}", "read and write by spark_session instead")


class _Calls:
    """`create_dynamic_frame.from_options` and the like; what is not there is refused by name."""

    def __init__(self, **calls: Any) -> None:
        self.__dict__.update(calls)

    def __getattr__(self, name: str) -> Any:
        raise refused(f"GlueContext's {name}", "use from_options or from_catalog")


def _where(frame: DataFrame, condition: str) -> DataFrame:
    return frame.where(condition) if condition else frame
