"""The first bytes of a file tell its format, its columns and how Hive reads it."""

from __future__ import annotations

import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.edge.glue.engine.crawler import column_types, parquet, s3_files, samples
from services.edge.glue.engine.crawler.samples import Sample


def columns(sample: Sample | None) -> dict[str, str]:
    assert sample is not None
    return {name: column_types.hive_name(kind) for name, kind in sample.columns.items()}


def of_text(text: str, whole: bool = True) -> Sample | None:
    return samples.of_text(text.encode(), whole)


@pytest.mark.parametrize(
    ("value", "hive"),
    [
        ("1", "int"),
        ("2147483648", "bigint"),
        ("9223372036854775808", "double"),
        ("1.0", "double"),
        ("true", "boolean"),
        ('"2026-01-14"', "string"),
        ("null", "string"),
        ("[]", "array<string>"),
        ("[1, 2.5]", "array<double>"),
        ("[1, true]", "array<string>"),
        ("{}", "string"),
        (
            '{"a": {"b": [{"c": 1}, {"d": "x"}]}}',
            "struct<a:struct<b:array<struct<c:int,d:string>>>>",
        ),
    ],
)
def test_a_json_value_has_the_narrowest_type_that_holds_it(value: str, hive: str) -> None:
    assert columns(of_text(f'{{"x": {value}}}')) == {"x": hive}


def test_records_one_after_the_other_share_their_columns() -> None:
    sample = of_text('{"Id": 1, "s": null}\n{"id": 5000000000}\n\n{"s": {"a": 1}, "z": "x"}\n')

    assert columns(sample) == {"id": "bigint", "s": "struct<a:int>", "z": "string"}
    assert sample is not None
    assert sample.format.serde_parameters == {"paths": "id,s,z"}


def test_a_file_that_is_one_array_is_one_column_as_on_aws() -> None:
    sample = of_text('[{"date": "2026-01-14", "spend": 1.5}]')

    assert columns(sample) == {"array": "array<struct<date:string,spend:double>>"}


def test_a_record_that_the_sample_cuts_off_is_left_out() -> None:
    assert columns(of_text('{"a": 1}\n{"a": "tex', whole=False)) == {"a": "int"}
    assert of_text('{"a": 1}\n{"a": "tex', whole=True) is None


def test_a_character_that_the_sample_cuts_in_two_is_left_out() -> None:
    data = '{"a": 1}\n{"b": "ü'.encode()[:-1]

    assert columns(samples.of_text(data, whole=False)) == {"a": "int"}


def test_a_header_is_texts_over_a_column_that_is_not_text() -> None:
    sample = of_text("Id,Name,ok,share\n1,a,true,1.5\n,b,false,2\n")

    assert columns(sample) == {
        "id": "bigint",
        "name": "string",
        "ok": "boolean",
        "share": "double",
    }
    assert sample is not None
    assert sample.parameters["skip.header.line.count"] == "1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\nc,d\n", {"col0": "string", "col1": "string"}),
        ("1,x\n2,y\n", {"col0": "bigint", "col1": "string"}),
        ("a,a\n1,2\n", {"col0": "string", "col1": "string"}),
    ],
)
def test_without_a_header_the_columns_are_numbered(text: str, expected: dict[str, str]) -> None:
    sample = of_text(text)

    assert columns(sample) == expected
    assert sample is not None and "skip.header.line.count" not in sample.parameters


@pytest.mark.parametrize(
    ("cell", "hive"),
    [
        ("12", "bigint"),
        ("+12", "bigint"),
        ("-007", "bigint"),
        ("9223372036854775807", "bigint"),
        ("9223372036854775808", "string"),
        ("9" * 5000, "string"),
        ("1.5", "double"),
        ("-.5", "double"),
        ("5.", "double"),
        ("1e3", "double"),
        ("2024_0001", "string"),
        ("1_0.5", "string"),
        ("NaN", "string"),
        ("nan", "string"),
        ("Infinity", "string"),
        ("-inf", "string"),
        ("0x1F", "string"),
        ("0b1", "string"),
        ("1e", "string"),
        ("e5", "string"),
        ("1,5", "string"),
        ("٣", "string"),
        ("１２", "string"),
        (" 12", "string"),
        ("12\u00a0", "string"),
        ("TRUE", "boolean"),
        ("false", "boolean"),
        ("yes", "string"),
        ("2026-01-14", "string"),
        ("2026-01-14 10:00:00", "string"),
    ],
)
def test_a_csv_cell_has_a_type_only_where_it_is_read_back_as_one(cell: str, hive: str) -> None:
    assert columns(of_text(f"id|x\n1|{cell}\n")) == {"id": "bigint", "x": hive}


def test_numbers_that_only_python_knows_are_no_json() -> None:
    for value in ("NaN", "Infinity", "-Infinity"):
        assert of_text(f'{{"a": {value}}}') is None


@pytest.mark.parametrize("delimiter", [",", "|", "\t", ";", "\x01"])
def test_the_delimiter_is_the_one_that_gives_every_row_as_many_cells(delimiter: str) -> None:
    sample = of_text(f"id{delimiter}x\n1{delimiter}2\n3{delimiter}4\n")

    assert columns(sample) == {"id": "bigint", "x": "bigint"}
    assert sample is not None
    assert sample.format.serde_parameters == {"field.delim": delimiter}


def test_quoted_cells_are_read_by_the_serde_that_knows_quotes() -> None:
    sample = of_text('id,name\n1,"a, b"\n')

    assert columns(sample) == {"id": "bigint", "name": "string"}
    assert sample is not None
    assert sample.format.serde == "org.apache.hadoop.hive.serde2.OpenCSVSerde"
    assert sample.format.serde_parameters["separatorChar"] == ","


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"one line, only", b"text\nmore\n", b"\xff\xfe\x00", b"1 2 3", b'"x"']
)
def test_what_is_neither_json_nor_csv_is_not_guessed(data: bytes) -> None:
    assert samples.of_text(data, whole=True) is None


def test_compressed_text_is_read_and_told() -> None:
    assert s3_files.decompressed(gzip.compress(b'{"a": 1}')) == (b'{"a": 1}', "gzip", False)
    assert s3_files.decompressed(b'{"a": 1}') == (b'{"a": 1}', "none", False)
    assert s3_files.decompressed(b"\x1f\x8bnot gzip") == (b"", "none", False)


@pytest.mark.parametrize(
    ("arrow", "hive"),
    [
        (pa.int8(), "tinyint"),
        (pa.int16(), "smallint"),
        (pa.int32(), "int"),
        (pa.int64(), "bigint"),
        (pa.float32(), "float"),
        (pa.float64(), "double"),
        (pa.bool_(), "boolean"),
        (pa.string(), "string"),
        (pa.binary(), "binary"),
        (pa.date32(), "date"),
        (pa.timestamp("us", "UTC"), "timestamp"),
        (pa.decimal128(10, 2), "decimal(10,2)"),
        (pa.list_(pa.struct([("a", pa.int64())])), "array<struct<a:bigint>>"),
        (pa.map_(pa.string(), pa.float64()), "map<string,double>"),
        (pa.dictionary(pa.int32(), pa.string()), "string"),
    ],
)
def test_an_arrow_type_has_the_name_that_hive_gives_it(arrow: pa.DataType, hive: str) -> None:
    assert parquet.hive_name(arrow) == hive


def test_a_type_that_hive_lacks_is_an_error() -> None:
    with pytest.raises(ValueError, match="found time64"):
        parquet.hive_name(pa.time64("us"))


def test_a_parquet_files_end_is_enough_for_its_columns() -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"Id": [1] * 5000, "name": ["x"] * 5000}), buffer)
    data = buffer.getvalue()

    sample = parquet.of_footer(data[-parquet.footer_length(data[-8:]) :])

    assert columns(sample) == {"id": "bigint", "name": "string"}
