"""A DuckDB that sees nothing but what is registered: no files, no network, no extensions."""

from __future__ import annotations

import re
from typing import Any

import duckdb

from services.edge.athena.sql.duckdb import macros
from services.edge.athena.sql.errors import SYSTEM, USER, QueryError, not_supported

_OWN = re.compile(r"\b([A-Z][A-Z_]{5,}): (.*)")
_BAD_CAST = re.compile(r"\x01(.+?)\x01(.*?)[\"'](?:$|[ ,])", re.DOTALL)
_NO_SUCH_DAY = re.compile(r'(date|timestamp|time) field value out of range: "(.*?)"')
_TRACEBACK = ". Detail: Python exception"
_END = "\x02"  # of what the macro fail says
_TO_BIGINT = re.compile(r"Type (DOUBLE|FLOAT) with value .* destination type INT64")
_UNGROUPED = re.compile(r'column "(.+?)" must appear in the GROUP BY')
_UNNAMED = re.compile(r"c\d+")  # as the translation names a column of VALUES
_SCALAR = "cannot contain aggregations, window functions or grouping operations"
# What a message of DuckDB says, and Trino's code and text for it.
_KNOWN = (
    ("Date out of range", "INVALID_FUNCTION_ARGUMENT", None),
    ("failed: value is out of range", "INVALID_CAST_ARGUMENT", None),
    (
        "PRECEDING expression cannot be negative",
        "INVALID_WINDOW_FRAME",
        "Window frame offset value must not be negative or null",
    ),
    (
        "FOLLOWING expression cannot be negative",
        "INVALID_WINDOW_FRAME",
        "Window frame offset value must not be negative or null",
    ),
    ("Division by zero", "DIVISION_BY_ZERO", "Division by zero"),
    ("Overflow in", "NUMERIC_VALUE_OUT_OF_RANGE", None),
    ("out of range", "NUMERIC_VALUE_OUT_OF_RANGE", None),
    (
        "More than one row returned by a subquery",
        "SUBQUERY_MULTIPLE_ROWS",
        "Scalar sub-query has returned multiple rows",
    ),
    ("could not be cast", "INVALID_CAST_ARGUMENT", None),
    ("WHERE clause cannot contain", "EXPRESSION_NOT_SCALAR", f"WHERE or JOIN clause {_SCALAR}"),
    ("GROUP BY clause cannot contain", "EXPRESSION_NOT_SCALAR", f"GROUP BY clause {_SCALAR}"),
    ("reference lambda parameters", "EXPRESSION_NOT_SCALAR", f"Lambda expression {_SCALAR}"),
    ("calls cannot be nested", "NESTED_AGGREGATION", "Cannot nest aggregations"),
    ("contain window function", "NESTED_WINDOW", "Cannot nest window functions"),
    ("not allowed in window definitions", "NESTED_WINDOW", "Cannot nest window functions"),
    (
        "GROUPING statement cannot be used without groups",
        "MISSING_GROUP_BY",
        "A GROUPING() operation can only be used with a corresponding"
        " GROUPING SET/CUBE/ROLLUP/GROUP BY clause",
    ),
    ("TRY can not be used", "NOT_SUPPORTED", None),
    (
        "BoundReferenceExpression should not be used here",
        "NOT_SUPPORTED",
        "An aggregate of a lambda's answer within another lambda is not supported here",
    ),
)
# DuckDB binds what was translated: what it cannot bind, Trino might have answered.
_OWN_FAULTS = ("BinderException", "CatalogException", "ParserException", "NotImplementedException")
_CODES = {
    "ConversionException": "INVALID_CAST_ARGUMENT",
    "InvalidInputException": "INVALID_FUNCTION_ARGUMENT",
    "OutOfRangeException": "NUMERIC_VALUE_OUT_OF_RANGE",
}
_RAISED = "Python exception occurred while executing the UDF"  # one without a code of Trino's


def connected(memory_mb: int, threads: int) -> Any:
    connection = duckdb.connect(
        config={
            "enable_external_access": False,
            "temp_directory": "",
            "memory_limit": f"{memory_mb}MB",
            "threads": threads,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    macros.define(connection)
    connection.execute("SET lock_configuration = true")
    return connection


def own_error(message: str) -> QueryError | None:
    """The error of a reader of ours in what DuckDB or Arrow say of it: either may be the first."""
    found = _OWN.search(message)
    if found is None:
        return None
    return QueryError(found[1], found[2].partition(_TRACEBACK)[0].partition(_END)[0])


def as_query_error(error: duckdb.Error) -> QueryError:
    """DuckDB's error in Trino's words."""
    message = str(error).partition("\n\nLINE ")[0].strip()
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryError("", "Query exhausted resources at this scale factor", category=SYSTEM)
    if found := _BAD_CAST.search(message) or _NO_SUCH_DAY.search(message):
        return QueryError("INVALID_CAST_ARGUMENT", f"Cannot cast '{found[2]}' to {found[1]}")
    if own := own_error(message):
        return own
    if found := _TO_BIGINT.search(message):
        return QueryError("INVALID_CAST_ARGUMENT", f"Unable to cast to bigint: {found[0]}")
    if found := _UNGROUPED.search(message):
        name = "A column" if _UNNAMED.fullmatch(found[1]) else f"'{found[1]}'"
        return QueryError(
            "EXPRESSION_NOT_AGGREGATE",
            f"{name} must be an aggregate expression or appear in GROUP BY clause",
        )
    plain = message.partition(": ")[2].splitlines()[0] if ": " in message else message
    for part, code, known in _KNOWN:
        if part in message:
            return QueryError(code, known or plain)
    kind = type(error).__name__
    if kind in _OWN_FAULTS:
        return not_supported(f"This statement ({plain})")
    is_own_fault = _RAISED in message
    code = "GENERIC_INTERNAL_ERROR" if is_own_fault else _CODES.get(kind, "GENERIC_INTERNAL_ERROR")
    return QueryError(code, plain, category=SYSTEM if code == "GENERIC_INTERNAL_ERROR" else USER)
