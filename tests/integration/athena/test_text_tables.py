"""Tables of text, read as Hive's SerDes read them: values, NULLs, or an error that says why."""

from __future__ import annotations

import bz2
import gzip
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.queries import BUCKET, Queries

OPEN_CSV = "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'"
OPENX = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
REGEX = "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'"
COMMAS = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"
Table = Callable[..., str]


@pytest.fixture
def table(edge: Any, athena: Queries) -> Table:
    """Makes a table of one file; answers its name."""

    def made(columns: str, how: str, body: bytes, ending: str = "", file: str = "a.txt") -> str:
        name = f"t{uuid.uuid4().hex[:8]}"
        edge.client("s3").put_object(Bucket=BUCKET, Key=f"{name}/{file}", Body=body)
        athena.run(
            f"CREATE EXTERNAL TABLE {name} ({columns}) {how}"
            f" LOCATION 's3://{BUCKET}/{name}/' {ending}"
        )
        return name

    return made


def test_short_lines_are_filled_with_null_and_long_ones_cut(athena: Queries, table: Table) -> None:
    body = b'1,"x"\n2,y,3,4\n\\N,,\nbad,caf\xe9,1.5\n'
    name = table("id int, s string, n double", COMMAS, body)

    assert athena.rows(f"SELECT * FROM {name}")[1:] == [
        ["1", '"x"', None],
        ["2", "y", "3.0"],
        [None, "", None],
        [None, "caf\ufffd", "1.5"],
    ]


def test_separators_in_texts_are_escaped_where_a_table_says_so(
    athena: Queries, table: Table
) -> None:
    name = table("a string, b string", f"{COMMAS} ESCAPED BY '\\\\'", b"x\\,y,\\\\z\n\\N,n\n")

    assert athena.rows(f"SELECT * FROM {name}")[1:] == [["x,y", "\\z"], [None, "n"]]
    athena.run(f"INSERT INTO {name} VALUES ('1,2', 'back\\slash'), (NULL, '\"q\"')")
    assert athena.rows(f"SELECT * FROM {name} WHERE b NOT IN ('n', '\\z')")[1:] == [
        ["1,2", "back\\slash"],
        [None, '"q"'],
    ]


def test_collections_are_split_by_the_separators_of_their_depth(
    athena: Queries, table: Table
) -> None:
    how = (
        f"{COMMAS} COLLECTION ITEMS TERMINATED BY '|' MAP KEYS TERMINATED BY ':'"
        " NULL DEFINED AS '-'"
    )
    columns = "a array<int>, m map<string,int>, s struct<x:int,y:string>, plain int"
    name = table(columns, how, b"1|2|no,k:1|l:-,7|z,5\n-,-,-,-\n")

    assert athena.rows(f"SELECT * FROM {name}")[1:] == [
        ["[1, 2, null]", "{k=1, l=null}", "{x=7, y=z}", "5"],
        [None, None, None, None],
    ]
    assert athena.rows(f"SELECT plain, s.y, m['k'] FROM {name}")[1] == ["5", "z", "1"]


def test_only_what_a_type_writes_is_of_the_type(athena: Queries, table: Table) -> None:
    columns = "b boolean, d date, t timestamp, m decimal(5,2), i tinyint, x binary"
    body = (
        b"TRUE,2026-01-14,2026-01-14 10:00:00.5,1.239,127,aGk=\n"
        b"1,2026/01/14,2026-01-14T10:00:00Z,1e9,128,?\n"
        b"yes,infinity,epoch,,0x1,\n"
    )
    name = table(columns, COMMAS, body)

    assert athena.rows(f"SELECT * FROM {name}")[1:] == [
        ["true", "2026-01-14", "2026-01-14 10:00:00.500", "1.24", "127", "68 69"],
        [None, None, None, None, None, None],
        [None, None, None, None, None, ""],
    ]


def test_a_table_by_tabs_gives_back_what_was_inserted(athena: Queries, table: Table) -> None:
    how = "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'"
    name = table("a string, b int, c string", how, b"x\t1\ty\n")
    athena.run(f"INSERT INTO {name} VALUES ('p, q', NULL, ''), ('é', 2, '\\t is no tab')")

    assert athena.rows(f"SELECT * FROM {name} ORDER BY b")[1:] == [
        ["x", "1", "y"],
        ["é", "2", "\\t is no tab"],
        ["p, q", None, ""],
    ]


@pytest.mark.parametrize(
    ("file", "packed"), [("a.gz", gzip.compress), ("a.bz2", bz2.compress), ("a.csv", bytes)]
)
def test_a_header_is_skipped_in_each_file_and_written_by_insert(
    athena: Queries, table: Table, file: str, packed: Callable[[bytes], bytes]
) -> None:
    ending = "TBLPROPERTIES ('skip.header.line.count'='1')"
    name = table("id int", COMMAS, packed(b"\xef\xbb\xbfid\r\n1\r\n2\r\n"), ending, file)
    athena.run(f"INSERT INTO {name} VALUES (3)")

    assert athena.rows(f"SELECT id FROM {name} ORDER BY 1")[1:] == [["1"], ["2"], ["3"]]


def test_what_a_table_asks_and_is_not_done_here_is_refused_by_name(
    athena: Queries, table: Table
) -> None:
    wrong = "TBLPROPERTIES ('skip.header.line.count'='True')"
    assert "skip.header.line.count property: True" in athena.fails(
        f"SELECT * FROM {table('id int', COMMAS, b'1', wrong)}"
    )
    formats = "WITH SERDEPROPERTIES ('timestamp.formats'='yyyy')"
    lazy = "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'"
    assert athena.fails(f"SELECT * FROM {table('id int', f'{lazy} {formats}', b'1')}").startswith(
        "NOT_SUPPORTED: SerDe property 'timestamp.formats'"
    )
    assert "expected gz, bz2 or zst" in athena.fails(
        f"SELECT * FROM {table('id int', COMMAS, b'1', '', 'a.snappy')}"
    )


def test_quoted_fields_are_read_as_opencsv_reads_them(athena: Queries, table: Table) -> None:
    body = b'"a, b","say ""hi""",x\\y\nshort\n"\\"esc\\"",,z,more\n'
    name = table("a string, b string, c string", OPEN_CSV, body)

    assert athena.rows(f"SELECT * FROM {name}")[1:] == [
        ["a, b", 'say "hi"', "xy"],
        ["short", None, None],
        ['"esc"', "", "z"],
    ]


def test_opencsv_has_days_and_milliseconds_and_no_empty_numbers(
    athena: Queries, table: Table
) -> None:
    how = f"{OPEN_CSV} WITH SERDEPROPERTIES ('separatorChar'='\\t', 'quoteChar'='\\'')"
    name = table("d date, t timestamp, n int", how, b"'-1'\t'-1'\t''\n'0'\t'1500'\t'7'\n")

    assert athena.rows(f"SELECT d, t FROM {name}")[1:] == [
        ["1969-12-31", "1969-12-31 23:59:59.999"],
        ["1970-01-01", "1970-01-01 00:00:01.500"],
    ]
    told = athena.fails(f"SELECT n FROM {name}")
    assert told == "HIVE_BAD_DATA: Error parsing field value '' for field 2: For input string: \"\""


def test_json_keys_are_mapped_and_broken_lines_are_nulls_where_asked(
    athena: Queries, table: Table
) -> None:
    how = (
        f"{OPENX} WITH SERDEPROPERTIES ('mapping.ts'='Time-Stamp', 'dots.in.keys'='true',"
        " 'ignore.malformed.json'='true')"
    )
    body = '{"Time-Stamp": "t1", "A.B": 5, "o": {"k": [1.10, "é"]}}\nbroken\n{"ts": "no"}\n'
    name = table("ts string, a_b int, o string", how, body.encode())

    assert athena.rows(f"SELECT * FROM {name}")[1:] == [
        ["t1", "5", '{"k":[1.10,"é"]}'],
        [None, None, None],
        [None, None, None],
    ]


def test_json_of_another_type_is_an_error_and_no_other_number(
    athena: Queries, table: Table
) -> None:
    for body in (b'{"n": 1.5}', b'{"n": true}', b'{"n": 300}', b'{"n": "x"}', b'{"n": [1]}'):
        told = athena.fails(f"SELECT n FROM {table('n tinyint', OPENX, body)}")
        assert told.startswith("HIVE_BAD_DATA"), told


def test_case_counts_in_json_where_a_table_says_so(athena: Queries, table: Table) -> None:
    how = f"{OPENX} WITH SERDEPROPERTIES ('case.insensitive'='false', 'mapping.up'='ID')"
    name = table("id int, up int", how, b'{"id": 1, "ID": 2}\n')

    assert athena.rows(f"SELECT id, up FROM {name}")[1:] == [["1", "2"]]


def test_groups_of_a_regular_expression_are_columns(athena: Queries, table: Table) -> None:
    how = f"{REGEX} WITH SERDEPROPERTIES ('input.regex'='(\\\\d+) (.*)')"
    name = table("n int, rest string", how, b"12 monkeys\nno number\n")

    assert athena.rows(f"SELECT * FROM {name}")[1:] == [["12", "monkeys"], [None, None]]


def test_a_text_loses_blanks_and_nothing_else_in_a_shorter_column(athena: Queries) -> None:
    name = f"t{uuid.uuid4().hex[:8]}"
    athena.run(f"CREATE TABLE {name} AS SELECT CAST('abc' AS varchar(3)) AS a")
    athena.run(f"INSERT INTO {name} SELECT CAST('de   ' AS varchar(5))")
    told = athena.fails(f"INSERT INTO {name} SELECT CAST('abcde' AS varchar(5))")

    assert told == (
        "INVALID_CAST_ARGUMENT: Cannot truncate non-space characters when casting from varchar(5)"
        " to varchar(3) on INSERT"
    )
    assert athena.rows(f"SELECT a FROM {name} ORDER BY a")[1:] == [["abc"], ["de "]]
