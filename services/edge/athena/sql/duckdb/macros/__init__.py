"""DuckDB's macros and functions in Python that give Trino's meaning where DuckDB has another."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from services.edge.athena.sql.duckdb import (
    byte_strings,
    date_patterns,
    distributions,
    formatted_texts,
    hashes,
    java_texts,
    json_functions,
    json_texts,
    number_algorithms,
    python_functions,
    regular_expressions,
    text_algorithms,
)
from services.edge.athena.sql.duckdb.macros.containers import CONTAINERS
from services.edge.athena.sql.duckdb.macros.values import VALUES
from services.edge.athena.sql.duckdb.python_function import PythonFunction

_PURE: dict[str, PythonFunction] = {
    **python_functions.FUNCTIONS,
    **java_texts.FUNCTIONS,
    **json_texts.FUNCTIONS,
    **number_algorithms.FUNCTIONS,
    **hashes.FUNCTIONS,
    **regular_expressions.FUNCTIONS,
    **text_algorithms.FUNCTIONS,
    **distributions.FUNCTIONS,
    **byte_strings.FUNCTIONS,
    **date_patterns.FUNCTIONS,
    **formatted_texts.FUNCTIONS,
    **json_functions.FUNCTIONS,
}


def define(connection: Any) -> None:
    """Everything that translated queries rely on, before the configuration is locked."""
    for is_volatile, functions in ((False, _PURE), (True, number_algorithms.VOLATILE)):
        for name, (function, kinds, result) in functions.items():
            connection.create_function(
                f"trino_{name}",
                _nullable(function),
                kinds,
                result,
                null_handling="special",
                side_effects=is_volatile,
            )
    for macro in (*VALUES, *CONTAINERS):
        connection.execute(macro)


def _nullable(function: Callable[..., Any]) -> Callable[..., Any]:
    """NULL for NULL; the answer may be NULL as well, which DuckDB allows in no other way."""

    @wraps(function)  # DuckDB counts the parameters
    def called(*values: Any) -> Any:
        return None if None in values else function(*values)

    return called
