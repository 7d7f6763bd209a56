"""Athena's statements as data, their types, and result files as bytes."""

from __future__ import annotations

import pickle

import pytest

from services.edge.athena import result_pages
from services.edge.athena.engine.results import csv_row
from services.edge.athena.engine.values import writer
from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.statements.parameters import literal
from services.edge.athena.sql.statements.parser import parse
from services.edge.athena.sql.trino import types as t


@pytest.mark.parametrize(
    ("sql", "statement", "statement_type", "substatement"),
    [
        ("SELECT 1", st.Select, "DML", "SELECT"),
        ("-- why\nWITH a AS (SELECT 1) SELECT * FROM a;", st.Select, "DML", "SELECT"),
        ("VALUES 1", st.Select, "DML", "SELECT"),
        ("EXPLAIN SELECT 1", st.Explain, "UTILITY", "EXPLAIN"),
        ("DESCRIBE a.b", st.Describe, "UTILITY", "DESCRIBE_TABLE"),
        ("SHOW TABLES IN db 'a*'", st.ShowTables, "UTILITY", "SHOW_TABLES"),
        ("SHOW CREATE TABLE t", st.ShowCreateTable, "UTILITY", "SHOW_CREATE_TABLE"),
        ("CREATE TABLE a AS SELECT 1 x", st.CreateTableAs, "DDL", "CREATE_TABLE_AS_SELECT"),
        ("INSERT INTO a SELECT 1", st.Insert, "DML", "INSERT"),
        ("UNLOAD (SELECT 1) TO 's3://b/' WITH (format='JSON')", st.Unload, "DML", "UNLOAD"),
        ("DROP VIEW IF EXISTS v", st.DropView, "DDL", "DROP_VIEW"),
        ("MSCK REPAIR TABLE t", st.RepairTable, "DDL", "MSCK_REPAIR_TABLE"),
    ],
)
def test_a_statement_is_told_by_its_first_words(
    sql: str, statement: type, statement_type: str, substatement: str
) -> None:
    found = parse(sql)
    assert type(found) is statement
    assert (found.type, found.substatement) == (statement_type, substatement)


def test_a_table_is_defined_by_its_clauses() -> None:
    found = parse(
        "CREATE EXTERNAL TABLE IF NOT EXISTS `db`.`t` (a int COMMENT 'it''s',"
        " b struct<x:int,y:array<string>>, c decimal(10, 2))\nPARTITIONED BY (p string)"
        " ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' STORED AS TEXTFILE"
        " LOCATION 's3://bucket/t/' TBLPROPERTIES ('skip.header.line.count'='1')"
    )
    assert isinstance(found, st.CreateTable)
    assert found.table == st.TableName("t", "db")
    assert found.columns == [
        {"Name": "a", "Type": "int", "Comment": "it's"},
        {"Name": "b", "Type": "struct<x:int,y:array<string>>"},
        {"Name": "c", "Type": "decimal(10,2)"},
    ]
    assert found.partition_keys == [{"Name": "p", "Type": "string"}]
    assert found.serde_properties == {"field.delim": ","}
    assert (found.stored_as, found.location) == ("textfile", "s3://bucket/t/")


def test_the_properties_of_a_ctas_are_texts_and_lists() -> None:
    found = parse(
        "CREATE TABLE t WITH (format = 'PARQUET', partitioned_by = ARRAY['a', 'b'])"
        " AS SELECT 1 x WITH NO DATA"
    )
    assert isinstance(found, st.CreateTableAs)
    assert found.properties == {"format": "PARQUET", "partitioned_by": ["a", "b"]}
    assert found.with_data is False


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC 1", "line 1:1: mismatched input 'SELEC'. Expecting: 'SELECT'"),
        ("SHOW NOTHING", "line 1:6: mismatched input 'NOTHING'"),
        ("CREATE TABLE t (a int)", "External keyword required for table type HIVE"),
        ("CREATE EXTERNAL TABLE t (a text) LOCATION 's3://b/'", "Column type text"),
        ("DELETE FROM t", "NOT_SUPPORTED: DELETE is for Iceberg tables"),
        ("SELECT ? + ?", "INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected 2"),
    ],
)
def test_a_malformed_statement_says_what_was_expected(sql: str, told: str) -> None:
    with pytest.raises(MalformedQueryError) as raised:
        parse(sql)
    assert str(raised.value).startswith(told)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (71.59159, "71.59159"),
        (1e7, "1.0E7"),
        (9999999.5, "9999999.5"),
        (0.001, "0.001"),
        (0.0005, "5.0E-4"),
        (-20260.42, "-20260.42"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (123456789.0, "1.23456789E8"),
        (100.0, "100.0"),
    ],
)
def test_a_double_is_written_as_java_writes_it(value: float, written: str) -> None:
    assert writer(t.DOUBLE)(value) == written


def test_every_value_of_a_result_file_is_quoted_and_null_is_nothing() -> None:
    assert csv_row(["k1", None, 'a "b"', ""]) == '"k1",,"a ""b""",""\n'
    assert csv_row([None]) == "\n"


def test_pages_of_a_result_file_begin_where_the_last_one_ended() -> None:
    body = b'"a","b"\n"1",\n"x\ny","q""q"\n'

    def at(offset: int, size: int) -> bytes:
        return body[offset : offset + size]

    first, middle = result_pages.rows(at, 0, 2, is_csv=True)
    assert first == [
        {"Data": [{"VarCharValue": "a"}, {"VarCharValue": "b"}]},
        {"Data": [{"VarCharValue": "1"}, {}]},
    ]
    assert middle == 13
    rest, end = result_pages.rows(at, middle, 2, is_csv=True)
    assert rest == [{"Data": [{"VarCharValue": "x\ny"}, {"VarCharValue": 'q"q'}]}]
    assert end is None


def test_a_row_longer_than_a_chunk_is_read_whole() -> None:
    body = b'"a"\n"' + b"x" * 1_000_000 + b'"\n"z"\n'
    rows, end = result_pages.rows(lambda o, n: body[o : o + n], 0, 10, is_csv=True)
    assert [len(row["Data"][0]["VarCharValue"]) for row in rows] == [1, 1_000_000, 1]
    assert end is None


def test_a_hive_type_is_read_and_written_as_it_was() -> None:
    written = "struct<a:int,b:array<map<string,decimal(10,2)>>>"
    assert t.hive(t.from_hive(written)) == written
    assert str(t.from_hive(written)) == "row(a integer, b array(map(varchar, decimal(10,2))))"
    with pytest.raises(ValueError, match="uniontype"):
        t.from_hive("uniontype<int>")


@pytest.mark.parametrize(
    ("value", "sql"),
    [
        ("1", "1"),
        ("-1.5", "-1.5"),
        ("'a'", "'a'"),
        ("NULL", "NULL"),
        ("DATE '2026-01-01'", "DATE '2026-01-01'"),
        ("a", "'a'"),
        ("2026-01-01", "'2026-01-01'"),
        ("it's", "'it''s'"),
        ("(SELECT 1)", "'(SELECT 1)'"),
        ("1 OR 1 = 1", "'1 OR 1 = 1'"),
        ("1, 2", "'1, 2'"),
        ("1 FROM t", "'1 FROM t'"),
        ("upper('a')", "'upper(''a'')'"),
        ("", "''"),
    ],
)
def test_an_execution_parameter_is_a_literal_or_else_a_text(value: str, sql: str) -> None:
    assert literal(value) == sql


@pytest.mark.parametrize("value", ["name", "(SELECT 1)", "transform(ARRAY[1], x -> name)"])
def test_using_takes_constants_only(value: str) -> None:
    with pytest.raises(MalformedQueryError, match="EXPRESSION_NOT_CONSTANT"):
        parse(f"EXECUTE IMMEDIATE 'SELECT * FROM t WHERE name = ? OR ? = 1' USING {value}, 1")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a.b, count(*) FROM t AS a WHERE c = 'x' GROUP BY 1",
        "SELECT " + " + ".join(["1"] * 3000),
        "INSERT INTO db.t (a) VALUES 1",
        "ALTER TABLE t ADD PARTITION (day = '1') LOCATION 's3://b/1/'",
    ],
)
def test_a_statement_reaches_the_worker_as_it_was_parsed(sql: str) -> None:
    statement = parse(sql)
    received = pickle.loads(pickle.dumps(statement))
    assert received == statement
    if isinstance(statement, st.QueryStatement):
        places = [part.meta.get("start") for part in statement.query.tree.walk()]
        assert [part.meta.get("start") for part in received.query.tree.walk()] == places
