"""What the first bytes of a file tell: its format, its columns, how Hive would read it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from services.edge.glue.engine.crawler import column_types
from services.edge.glue.engine.crawler.column_types import ColumnType
from services.edge.glue.engine.crawler.tables import Format

TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
JSON_SERDE = "org.openx.data.jsonserde.JsonSerDe"
CSV_SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
QUOTED_CSV_SERDE = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
PARQUET = Format(
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    {"serialization.format": "1"},
)
# https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-builtin-rules
DELIMITERS = (",", "|", "\t", ";", "\x01")
HEADER_LENGTH = 150
# As Hive and Athena read them: ASCII digits alone, no space around them, no names of numbers.
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
MOST_DIGITS = 4000  # of a text that Python makes a number of
SPACE = re.compile(r"\s*")


@dataclass(frozen=True)
class Sample:
    """One file: `columns` maps lower-cased names to types, in the order of the file."""

    classification: str
    columns: dict[str, ColumnType]
    format: Format
    parameters: dict[str, str] = field(default_factory=dict)


def of_text(data: bytes, whole: bool) -> Sample | None:
    """A JSON or CSV file's sample from its first bytes; None where it is neither."""
    text = _decoded(data, whole)
    if text is None or not text.strip():
        return None
    return _json(text, whole) or _csv(text, whole)


def json_format(columns: dict[str, ColumnType]) -> Format:
    return Format(TEXT_INPUT, TEXT_OUTPUT, JSON_SERDE, {"paths": ",".join(sorted(columns))})


def _decoded(data: bytes, whole: bool) -> str | None:
    """UTF-8; the end of a part may cut a character in two."""
    for cut in range(1 if whole else 4):
        try:
            return data[: len(data) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
    return None


def _json(text: str, whole: bool) -> Sample | None:
    values = _json_values(text, whole)
    if not values:
        return None
    if all(isinstance(value, list) for value in values):
        # AWS tells of a file that is one array as a table with the single column `array`.
        values = [{"array": value} for value in values]
    if not all(isinstance(value, dict) for value in values):
        return None
    rows = [
        {name.lower(): column_types.type_of(inner) for name, inner in v.items()} for v in values
    ]
    columns = reduce(column_types.merged_fields, rows)
    return Sample("json", columns, json_format(columns)) if columns else None


def _json_values(text: str, whole: bool) -> list[Any]:
    """The values one after the other; empty where the text is not JSON."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    values: list[Any] = []
    position = _after_space(text, 0)
    while position < len(text):
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return [] if whole else values
        values.append(value)
        position = _after_space(text, end)
    return values


def _no_constant(name: str) -> None:
    """Python takes NaN and Infinity for JSON; Hive's SerDe does not."""
    raise ValueError(f"{name} is not JSON")


def _after_space(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position


def _csv(text: str, whole: bool) -> Sample | None:
    lines = text.splitlines(keepends=True)
    for delimiter in DELIMITERS:
        rows = _rows("".join(lines if whole else lines[:-1]), delimiter)
        if len(rows) >= 2 and len(rows[0]) >= 2 and len({len(row) for row in rows}) == 1:
            return _csv_sample(rows, delimiter, quoted='"' in text)
    return None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return [
            row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if row
        ]
    except csv.Error:
        return []


def _csv_sample(rows: list[list[str]], delimiter: str, quoted: bool) -> Sample:
    header = _has_header(rows)
    names = rows[0] if header else [f"col{number}" for number in range(len(rows[0]))]
    found = _column_types(rows[1:] if header else rows)
    parameters = {
        "delimiter": delimiter,
        "areColumnsQuoted": str(quoted).lower(),
        "columnsOrdered": "true",
        **({"skip.header.line.count": "1"} if header else {}),
    }
    columns = {name.strip().lower(): kind for name, kind in zip(names, found, strict=True)}
    return Sample("csv", columns, _csv_format(delimiter, quoted), parameters)


def _csv_format(delimiter: str, quoted: bool) -> Format:
    if quoted:
        options = {"separatorChar": delimiter, "quoteChar": '"', "escapeChar": "\\"}
        return Format(TEXT_INPUT, TEXT_OUTPUT, QUOTED_CSV_SERDE, options)
    return Format(TEXT_INPUT, TEXT_OUTPUT, CSV_SERDE, {"field.delim": delimiter})


def _has_header(rows: list[list[str]]) -> bool:
    """AWS's rule: texts only, short, distinct, and unlike a column of the rows that follow."""
    first = [cell.strip().lower() for cell in rows[0]]
    texts = all(cell and _text_type(cell) == "string" for cell in first)
    short = all(len(cell) < HEADER_LENGTH for cell in first[:-1])
    unlike = any(kind not in ("string", None) for kind in _column_types(rows[1:]))
    return texts and short and unlike and len(set(first)) == len(first)


def _column_types(rows: list[list[str]]) -> list[ColumnType]:
    return [
        reduce(column_types.merged, map(_text_type, column)) for column in zip(*rows, strict=True)
    ]


def _text_type(cell: str) -> ColumnType:
    """The narrowest type as which the cell is read back; none of dates, as in AWS's tables."""
    if not cell.strip():
        return None
    if cell.lower() in ("true", "false"):
        return "boolean"
    if WHOLE_NUMBER.fullmatch(cell):
        is_long = len(cell) <= MOST_DIGITS and int(cell) in column_types.BIGINT_RANGE
        return "bigint" if is_long else "string"
    return "double" if NUMBER.fullmatch(cell) else "string"
