"""A DuckDB that sees nothing but what is registered: no files, no network, no extensions."""

from __future__ import annotations

import re
from typing import Any

import duckdb

from services.edge.athena.sql import macros
from services.edge.athena.sql.errors import FAR_DATES, SYSTEM, QueryError, not_supported

_FAR_DATE = re.compile(r"\s*([+-]\d{4,}|\d{5,})-\d{1,2}-\d{1,2}(\s.*)?")
_OWN = re.compile(r"\b([A-Z][A-Z_]{5,}): (.*)")
_BAD_CAST = re.compile(r"\x01(.+?)\x01(.*?)[\"'](?:$|[ ,])", re.DOTALL)
_TRACEBACK = ". Detail: Python exception"
_UNGROUPED = re.compile(r'column "(.+?)" must appear in the GROUP BY')
# What a message of DuckDB says, and Trino's code and text for it.
_KNOWN = (
    ("Division by zero", "DIVISION_BY_ZERO", "Division by zero"),
    ("Overflow in", "NUMERIC_VALUE_OUT_OF_RANGE", None),
    ("out of range", "NUMERIC_VALUE_OUT_OF_RANGE", None),
    (
        "More than one row returned by a subquery",
        "SUBQUERY_MULTIPLE_ROWS",
        "Scalar sub-query has returned multiple rows",
    ),
    ("could not be cast", "INVALID_CAST_ARGUMENT", None),
    ("TRY can not be used", "NOT_SUPPORTED", None),
    (
        "BoundReferenceExpression should not be used here",
        "NOT_SUPPORTED",
        "An aggregate of a lambda's answer within another lambda is not supported here",
    ),
)


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


def as_query_error(error: duckdb.Error) -> QueryError:
    """DuckDB's error as Trino would have told it."""
    message = str(error).partition("\n\nLINE ")[0].strip()
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryError("", "Query exhausted resources at this scale factor", category=SYSTEM)
    if found := _BAD_CAST.search(message):
        if _FAR_DATE.fullmatch(found[2]) and found[1] in ("date", "timestamp"):
            return not_supported(FAR_DATES)
        return QueryError("INVALID_CAST_ARGUMENT", f"Cannot cast '{found[2]}' to {found[1]}")
    if found := _OWN.search(message):
        return QueryError(found[1], found[2].partition(_TRACEBACK)[0])
    if found := _UNGROUPED.search(message):
        return QueryError(
            "EXPRESSION_NOT_AGGREGATE",
            f"'{found[1]}' must be an aggregate expression or appear in GROUP BY clause",
        )
    plain = message.partition(": ")[2].splitlines()[0] if ": " in message else message
    for part, code, told in _KNOWN:
        if part in message:
            return QueryError(code, told or plain)
    code = {
        "BinderException": "SYNTAX_ERROR",
        "ConversionException": "INVALID_CAST_ARGUMENT",
        "InvalidInputException": "INVALID_FUNCTION_ARGUMENT",
        "OutOfRangeException": "NUMERIC_VALUE_OUT_OF_RANGE",
        "NotImplementedException": "NOT_SUPPORTED",
    }.get(type(error).__name__, "GENERIC_INTERNAL_ERROR")
    return QueryError(code, plain)
