"""Files of S3 as DataFrames, with Glue's options: a format and its options in, a DataFrame out.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import types as T

from .refusals import check_options, is_true, refused

Options = Mapping[str, Any]
FORMATS = ("csv", "json", "orc", "parquet", "glueparquet", "delta")
CONNECTIONS = ("s3", "file", "csv", "json", "orc", "parquet", "delta")
CSV = ("separator", "quoteChar", "escaper", "withHeader", "skipFirst", "multiLine")
# Of how Glue lists and groups files: they change no result.
TUNING = (
    *("groupFiles", "groupSize", "useS3ListImplementation", "maxBand", "maxFilesInBand"),
    *("isFailFast", "optimizePerformance", "compressionType"),
)


def read(
    spark: SparkSession, connection_type: str, connection: Options, form: str | None, given: Options
) -> DataFrame:
    if connection_type not in CONNECTIONS:
        raise refused(
            f"connection_type {connection_type!r}", f"expected one of {', '.join(CONNECTIONS)}"
        )
    check_options("connection_options", connection, ("paths", "path", "recurse"), TUNING)
    paths = connection.get("paths") or connection.get("path")
    if not paths:
        raise ValueError("Expected connection_options with paths, found none")
    reader = spark.read
    if is_true(connection.get("recurse", False)) and connection_type != "delta":
        reader = reader.option("recursiveFileLookup", "true")
    own = form or (connection_type if connection_type in FORMATS else None)
    return loaded(reader, own, given, [paths] if isinstance(paths, str) else list(paths))


def loaded(
    reader: DataFrameReader,
    form: str | None,
    given: Options,
    paths: Sequence[str],
    schema: T.StructType | None = None,
) -> DataFrame:
    """`schema` is that of the Data Catalog; without it CSV is texts and JSON is inferred."""
    name = (form or "").lower()
    if name not in FORMATS:
        raise refused(f"format {form!r}", f"expected one of {', '.join(FORMATS)}")
    if schema is not None:
        reader = reader.schema(schema)
    if name == "csv":
        return _csv(reader, given, paths, schema)
    if name == "json":
        check_options("format_options of json", given, ("multiLine", "multiline"), TUNING)
        lines = given.get("multiLine", given.get("multiline", False))
        return reader.option("multiLine", str(is_true(lines)).lower()).json(list(paths))
    check_options(f"format_options of {name}", given, (), TUNING)
    if name == "delta":
        if len(paths) != 1:
            raise ValueError(f"Expected one path of a Delta table, found {len(paths)}")
        return reader.format("delta").load(paths[0])
    return reader.format(name.removeprefix("glue")).load(list(paths))


def _csv(
    reader: DataFrameReader, given: Options, paths: Sequence[str], schema: T.StructType | None
) -> DataFrame:
    """Without a header columns are named col0, col1, as Glue does."""
    check_options("format_options of csv", given, CSV, TUNING)
    with_header = is_true(given.get("withHeader", False))
    skipped = is_true(given.get("skipFirst", False))
    if with_header and skipped:
        raise refused("format_options of csv: skipFirst beside withHeader", "leave one out")
    frame = reader.options(
        sep=given.get("separator", ","),
        quote=quote(given),
        escape=given.get("escaper") or quote(given) or "\0",
        header=str(with_header or skipped).lower(),
        enforceSchema="true",
        multiLine=str(is_true(given.get("multiLine", False))).lower(),
    ).csv(list(paths))
    if with_header or schema is not None:
        return frame
    return frame.toDF(*(f"col{number}" for number in range(len(frame.columns))))


def quote(given: Options) -> str:
    """Glue's -1 says that nothing is quoted."""
    found = given.get("quoteChar", '"')
    return "" if str(found) == "-1" else str(found)
