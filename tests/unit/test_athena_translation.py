"""Athena's SQL translated for DuckDB: values and types by hand, errors as Trino words them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from services.edge.athena.engine.session import as_query_error, connected
from services.edge.athena.engine.values import writer
from services.edge.athena.sql.errors import MalformedQueryError, QueryError
from services.edge.athena.sql.translation import translated
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column, Query, Source
from services.edge.athena.sql.trino.syntax import parsed

ROWS = pa.table(
    {
        "id": pa.array([1, 2, None], pa.int64()),
        "name": ["x", "y", "z"],
        "price": [1.5, 2.0, 3e8],
        "tags": pa.array([[10, 20], [30], []], pa.list_(pa.int64())),
    }
)
COLUMNS = [
    Column("id", t.BIGINT),
    Column("name", t.VARCHAR),
    Column("price", t.DOUBLE),
    Column("tags", t.array(t.BIGINT)),
]
Run = Callable[[str], list[list[str | None]]]


@pytest.fixture(scope="module")
def connection() -> Any:
    found = connected(500, 2)
    found.register("t0", ROWS)
    yield found
    found.close()


@pytest.fixture
def run(connection: Any) -> Run:
    """Rows as a result file would have them, the types first."""

    def find(schema: str | None, name: str, place: Any) -> Source | Query:
        if name != "items":
            raise QueryError("TABLE_NOT_FOUND", f"Table '{schema}.{name}' does not exist", place)
        return Source("t0", COLUMNS)

    def rows(sql: str) -> list[list[str | None]]:
        found = translated(sql, parsed(sql), find)
        try:
            table = connection.sql(found.sql).to_arrow_table()
        except duckdb.Error as error:
            raise as_query_error(error) from error
        writers = [writer(kind) for kind in found.types]
        values = zip(*(column.to_pylist() for column in table.columns), strict=True)
        return [
            [str(kind) for kind in found.types],
            *(
                [None if v is None else w(v) for v, w in zip(row, writers, strict=True)]
                for row in values
            ),
        ]

    return rows


VALUES = [
    # Whole numbers divide to whole numbers, towards zero.
    ("7 / 2", "integer", "3"),
    ("-7 / 2", "integer", "-3"),
    ("-7 % 3", "integer", "-1"),
    ("mod(7, 3)", "integer", "1"),
    ("7 / 2e0", "double", "3.5"),
    ("1e0 / 0", "double", "Infinity"),
    ("-1e0 / 0", "double", "-Infinity"),
    ("0e0 / 0", "double", "NaN"),
    # Decimals: https://trino.io/docs/current/functions/decimal.html
    ("10 / DECIMAL '3.0'", "decimal(12,1)", "3.3"),
    ("1 * DECIMAL '100.0' / 3", "decimal(14,1)", "33.3"),
    ("DECIMAL '-1.0' / 3", "decimal(2,1)", "-0.3"),
    ("DECIMAL '2.5' * DECIMAL '2.5'", "decimal(4,2)", "6.25"),
    ("DECIMAL '1.10' - DECIMAL '1.05'", "decimal(4,2)", "0.05"),
    ("round(DECIMAL '2.5')", "decimal(2,0)", "3"),
    ("DECIMAL '1.50'", "decimal(3,2)", "1.50"),
    ("CAST('1.50' AS decimal)", "decimal(38,0)", "2"),
    ("CAST(2.5e0 AS bigint)", "bigint", "3"),
    ("CAST(1e7 AS varchar)", "varchar", "1.0E7"),
    ("CAST(1.0E-4 AS varchar)", "varchar", "1.0E-4"),
    ("CAST(REAL '0.1' AS varchar)", "varchar", "1.0E-1"),
    ("TRY_CAST('x' AS integer)", "integer", None),
    ("TRY_CAST('2026-02-30' AS date)", "date", None),
    ("CAST('true' AS boolean)", "boolean", "true"),
    ("TRY(1 / 0)", "integer", None),
    # Texts
    ("substr('hello', 2, 3)", "varchar(5)", "ell"),
    ("substr('hello', -3)", "varchar(5)", "llo"),
    ("substr('abc', 0)", "varchar(3)", ""),
    ("substr('abc', -5)", "varchar(3)", ""),
    ("trim(' \ta ')", "varchar(4)", "a"),
    ("split_part('a,b', ',', 3)", "varchar(3)", None),
    ("regexp_extract('abc', 'b(.)', 1)", "varchar(3)", "c"),
    ("regexp_extract('abc', 'x')", "varchar(3)", None),
    ("regexp_replace('abc', '(b)', '[$1]')", "varchar", "a[b]c"),
    ("'a' || NULL", "varchar", None),
    ("concat('a', 'b', 'c')", "varchar", "abc"),
    ("greatest(1, NULL)", "integer", None),
    ("url_extract_host('https://example.com:80/p?q=1')", "varchar", "example.com"),
    ("url_extract_parameter('https://example.com/p?q=1', 'q')", "varchar", "1"),
    ("to_hex(md5(to_utf8('a')))", "varchar", "0CC175B9C0F1B6A831C399E269772661"),
    # JSON
    ("""json_extract_scalar('{"a": {"b": "x"}}', '$.a.b')""", "varchar", "x"),
    ("""json_extract_scalar('{"a": {"b": "x"}}', '$.a')""", "varchar", None),
    ("json_extract_scalar('no json', '$.a')", "varchar", None),
    ("""json_extract_scalar('{"a": 1.10}', '$.a')""", "varchar", "1.10"),
    ("""json_extract_scalar('{"a": null}', '$.a')""", "varchar", None),
    ("""json_parse('{"b": 1, "a": [true]}')""", "json", '{"a":[true],"b":1}'),
    ("try(json_parse('no json'))", "json", None),
    ("""json_extract('{"a": [1, 2]}', '$.a[1]')""", "json", "2"),
    # Times
    ("date_diff('day', TIMESTAMP '2026-01-01 23:00:00', TIMESTAMP '2026-01-02 01:00:00')",
     "bigint", "0"),
    ("date_diff('month', DATE '2026-01-31', DATE '2026-02-28')", "bigint", "1"),
    ("date_add('month', 1, DATE '2026-01-31')", "date", "2026-02-28"),
    ("date_trunc('week', DATE '2026-01-15')", "date", "2026-01-12"),
    ("day_of_week(DATE '2026-01-18')", "bigint", "7"),
    ("date_format(TIMESTAMP '2026-01-05 13:04:05', '%Y/%c/%e %h:%i %p')", "varchar",
     "2026/1/5 01:04 PM"),
    ("format_datetime(TIMESTAMP '2026-01-05 13:04:05.678', 'yyyy-MM-dd''T''HH:mm:ss.SSS')",
     "varchar", "2026-01-05T13:04:05.678"),
    ("from_iso8601_timestamp('2026-01-14T10:00:00.123456Z')", "timestamp(3) with time zone",
     "2026-01-14 10:00:00.123 UTC"),
    ("from_unixtime(1.5)", "timestamp(3) with time zone", "1970-01-01 00:00:01.500 UTC"),
    ("hour(TIMESTAMP '2026-01-14 10:00:00 UTC' AT TIME ZONE 'America/New_York')", "bigint", "5"),
    ("TIMESTAMP '2026-01-14 10:00:00 UTC' AT TIME ZONE 'Asia/Tokyo'",
     "timestamp(0) with time zone", "2026-01-14 19:00:00 Asia/Tokyo"),
    ("DATE '2026-01-31' + INTERVAL '1' MONTH", "date", "2026-02-28"),
    ("DATE '2026-01-31' - DATE '2026-01-01'", "interval day to second", "30 00:00:00.000"),
    ("millisecond(TIMESTAMP '2026-01-14 10:00:07.250')", "bigint", "250"),
    # Arrays, maps, rows
    ("element_at(ARRAY[1, 2], 3)", "integer", None),
    ("element_at(ARRAY[1, 2], -1)", "integer", "2"),
    ("cardinality(ARRAY[1, NULL])", "bigint", "2"),
    ("contains(ARRAY[1, NULL], 2)", "boolean", None),
    ("array_distinct(ARRAY[3, 1, 3])", "array(integer)", "[3, 1]"),
    ("array_join(ARRAY[1, NULL, 2], ',')", "varchar", "1,2"),
    ("transform(ARRAY[1, 2], x -> x * 2)", "array(integer)", "[2, 4]"),
    ("filter(ARRAY[1, 2, 3], x -> x % 2 = 1)", "array(integer)", "[1, 3]"),
    ("MAP(ARRAY['k'], ARRAY[1])", "map(varchar(1), integer)", "{k=1}"),
    ("MAP(ARRAY['k'], ARRAY[1])['k']", "integer", "1"),
    ("CAST(ROW(1, 'a') AS ROW(x integer, y varchar))", "row(x integer, y varchar)",
     "{x=1, y=a}"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "kind", "value"), VALUES)
def test_an_expression_has_trinos_type_and_value(
    run: Run, expression: str, kind: str, value: str | None
) -> None:
    assert run(f"SELECT {expression}") == [[kind], [value]]


QUERIES = [
    ("SELECT count(*), sum(id), avg(id) FROM items", [["3", "3", "1.5"]]),
    (
        "SELECT avg(x) FROM (VALUES DECIMAL '1.50', DECIMAL '2.25', DECIMAL '3.02') AS v(x)",
        [["2.26"]],
    ),
    ("SELECT id FROM items ORDER BY id DESC", [["2"], ["1"], [None]]),
    ("SELECT id FROM items ORDER BY id NULLS FIRST", [[None], ["1"], ["2"]]),
    ("SELECT name n, count(*) FROM items GROUP BY 1 ORDER BY n LIMIT 1", [["x", "1"]]),
    ("SELECT NAME FROM Items WHERE ID = 1", [["x"]]),
    (
        "SELECT i.id, x, n FROM items i CROSS JOIN UNNEST(tags) WITH ORDINALITY AS u(x, n)"
        " ORDER BY x",
        [["1", "10", "1"], ["1", "20", "2"], ["2", "30", "1"]],
    ),
    ("WITH q(z) AS (SELECT id FROM items) SELECT max(z) FROM q", [["2"]]),
    ("SELECT a.name FROM items a JOIN items b USING (id) ORDER BY 1", [["x"], ["y"]]),
    (
        "SELECT name, row_number() OVER (ORDER BY price DESC) FROM items ORDER BY name",
        [["x", "3"], ["y", "2"], ["z", "1"]],
    ),
    ("SELECT lag(name) OVER (ORDER BY name) FROM items ORDER BY name", [[None], ["x"], ["y"]]),
    (
        "SELECT name, count(*) FROM items GROUP BY ROLLUP (name) ORDER BY name",
        [["x", "1"], ["y", "1"], ["z", "1"], [None, "3"]],
    ),
    ("SELECT 1 UNION ALL SELECT 2.5 ORDER BY 1 DESC", [["2.5"], ["1.0"]]),
    ("SELECT count_if(id > 1), approx_distinct(name), max_by(name, price) FROM items",
     [["1", "3", "z"]]),
    ("SELECT array_agg(name ORDER BY name DESC) FROM items", [["[z, y, x]"]]),
    ("SELECT listagg(name, '-') WITHIN GROUP (ORDER BY name) FROM items", [["x-y-z"]]),
    ("SELECT sum(id) FILTER (WHERE name = 'x') FROM items", [["1"]]),
    ("SELECT name FROM items WHERE EXISTS (SELECT 1 FROM items o WHERE o.id = items.id)"
     " AND name LIKE 'x%'", [["x"]]),
    ("SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS v(n, m) ORDER BY n DESC",
     [["2", None], ["1", "a"]]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), QUERIES)
def test_a_query_has_the_rows_that_trino_gives(
    run: Run, sql: str, rows: list[list[str | None]]
) -> None:
    assert run(sql)[1:] == rows


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT\n  nope FROM items", "COLUMN_NOT_FOUND: line 2:3: Column 'nope' cannot"),
        ("SELECT 1 FROM other", "TABLE_NOT_FOUND: line 1:15: Table"),
        ("SELECT sondex(name) FROM items", "FUNCTION_NOT_FOUND: line 1:8: Function 'sondex'"),
        ("SELECT json_parse('no json')", "INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON"),
        ("SELECT mod(1)", "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters for function mod"),
        ("SELECT CAST('a' AS hyperloglog)", "NOT_SUPPORTED: "),
        ("SELECT length(1)", "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (integer)"),
        ("SELECT id FROM items WHERE name = 1", "TYPE_MISMATCH: line 1:28: Cannot apply operator:"),
        ("SELECT DATE '2026-01-01' = '2026-01-01'", "TYPE_MISMATCH: "),
        ("SELECT id FROM items WHERE id", "TYPE_MISMATCH: line 1:28: WHERE clause must evaluate"),
        ("SELECT name FROM items GROUP BY id", "EXPRESSION_NOT_AGGREGATE: 'name' must be an"),
        ("SELECT id FROM items a CROSS JOIN items b", "AMBIGUOUS_NAME: line 1:8: Column 'id'"),
        ("SELECT 1 / 0", "DIVISION_BY_ZERO: Division by zero"),
        ("SELECT DECIMAL '1.0' / DECIMAL '0.0'", "DIVISION_BY_ZERO: Division by zero"),
        ("SELECT CAST('1.5' AS integer)", "INVALID_CAST_ARGUMENT: Cannot cast '1.5' to integer"),
        ("SELECT CAST('x' AS date)", "INVALID_CAST_ARGUMENT: Cannot cast 'x' to date"),
        ("SELECT ARRAY[1][2]", "INVALID_FUNCTION_ARGUMENT: Array subscript must be less than"),
        ("SELECT 9223372036854775807 + 1", "NUMERIC_VALUE_OUT_OF_RANGE: "),
        ("SELECT date_format(current_date, '%U')", "INVALID_FUNCTION_ARGUMENT: line 1:8: %U not"),
        ("SELECT (SELECT id FROM items)", "SUBQUERY_MULTIPLE_ROWS: Scalar sub-query"),
        ("WITH RECURSIVE q AS (SELECT 1) SELECT * FROM q", "MISSING_COLUMN_ALIASES: "),
        ("SELECT * FROM read_csv('/etc/passwd')", "FUNCTION_NOT_FOUND: line 1:15: Table function"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(run: Run, sql: str, told: str) -> None:
    with pytest.raises(QueryError) as raised:
        run(sql)
    assert str(raised.value).startswith(told)


@pytest.mark.parametrize("sql", ["", "SELECT", "SELECT 1 FROM", "SELECT 'a", "SELECT 1; SELECT 2"])
def test_a_text_that_is_no_query_is_malformed(sql: str) -> None:
    with pytest.raises(MalformedQueryError):
        parsed(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_parquet('/etc/passwd')",
        "COPY t0 TO '/tmp/athena-test.csv'",
        "ATTACH '/tmp/athena-test.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_the_engine_itself_reaches_no_file_and_lets_nothing_be_changed(
    connection: Any, sql: str
) -> None:
    with pytest.raises(duckdb.Error, match="disabled|locked|Cannot change"):
        connection.execute(sql)
