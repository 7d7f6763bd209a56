"""DataFrames into files of S3, with Glue's options: they are added to what stands there."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame

from .refusals import check_options, is_true, refused
from .sources import FORMATS, Options, quote

CSV = ("separator", "quoteChar", "escaper", "writeHeader")
TUNING = ("useGlueParquetWriter", "blockSize", "pageSize")


def write(
    frame: DataFrame, connection_type: str, connection: Options, form: str | None, given: Options
) -> None:
    if connection_type not in ("s3", "file", *FORMATS):
        raise refused(f"connection_type {connection_type!r}", "expected s3")
    check_options("connection_options", connection, ("path", "partitionKeys", "compression"))
    if not connection.get("path"):
        raise ValueError("Expected connection_options with a path, found none")
    name = (form or (connection_type if connection_type in FORMATS else "")).lower()
    if name not in FORMATS:
        raise refused(f"format {form!r}", f"expected one of {', '.join(FORMATS)}")
    writer: Any = frame.write.mode("append").options(**_options(name, given))
    if compression := connection.get("compression") or given.get("compression"):
        writer = writer.option("compression", compression)
    if keys := connection.get("partitionKeys"):
        writer = writer.partitionBy(*keys)
    writer.format(name.removeprefix("glue")).save(connection["path"])


def _options(name: str, given: Options) -> dict[str, str]:
    if name != "csv":
        check_options(f"format_options of {name}", given, ("compression",), TUNING)
        return {}
    check_options("format_options of csv", given, (*CSV, "compression"))
    return {
        "sep": given.get("separator", ","),
        "quote": quote(given),
        "escape": given.get("escaper") or quote(given) or "\0",
        "header": str(is_true(given.get("writeHeader", True))).lower(),
    }
