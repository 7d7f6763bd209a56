"""Athena's functions, operators, casts and clauses: each statement answers as Trino 435 does.

A line of trino_answers/*.jsonl has the statement and what Trino gave for it: `types` and `rows` as
text, or the name of its `error`. `refused` is what this project says of a statement it has not;
Trino has the geospatial ones in a plugin, so they stand without an answer.

Where AWS's documentation says that Athena differs, Trino was asked for Athena's meaning:

- 1.5 is a double, DECIMAL '1.5' the decimal:
  https://docs.aws.amazon.com/athena/latest/ug/data-types-considerations.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.edge.athena.engine.session import connected
from services.edge.athena.sql.errors import MalformedQueryError, QueryError
from tests.support.athena_engine import answer

TOPICS = sorted(Path(__file__).parent.joinpath("trino_answers").glob("*.jsonl"))
# What is wrong with a statement before it runs has names that depend on who looks first.
BEFORE_IT_RUNS = {
    *("SYNTAX_ERROR", "TYPE_MISMATCH", "FUNCTION_NOT_FOUND", "OPERATOR_NOT_FOUND", "MALFORMED"),
    *("AMBIGUOUS_FUNCTION_CALL", "INVALID_LITERAL", "INVALID_PARAMETER_USAGE", "TYPE_NOT_FOUND"),
    *("INVALID_CAST_ARGUMENT",),
}


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    opened = connected(500, 2)
    yield opened
    opened.close()


def cases(topic: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in topic.read_text().splitlines()]


def outcome(connection: Any, sql: str) -> dict[str, Any]:
    try:
        found = answer(connection, sql)
    except QueryError as error:
        return {"error": error.code, "message": str(error)}
    except MalformedQueryError as error:
        code = re.match(r"([A-Z_]+): ", str(error))
        return {"error": code[1] if code else "MALFORMED", "message": str(error)}
    # Of a text Athena shows no length.
    types = [re.sub(r"varchar\(\d+\)", "varchar", kind).replace(", ", ",") for kind in found.types]
    return {"types": types, "rows": found.rows}


def is_as_expected(case: dict[str, Any], found: dict[str, Any]) -> bool:
    if "refused" in case:
        return found.get("error") == "NOT_SUPPORTED" and case["refused"] in found["message"]
    if "error" in case:
        return "error" in found and is_same_error(case["error"], found["error"])
    if found.get("types") != case["types"]:
        return False
    if "ORDER BY" in case["sql"]:
        return bool(found["rows"] == case["rows"])
    return sorted(map(str, found["rows"])) == sorted(map(str, case["rows"]))


def is_same_error(expected: str, found: str) -> bool:
    """Of GENERIC_INTERNAL_ERROR Trino itself does not know whose fault it is."""
    if expected == found or "NOT_SUPPORTED" in (expected, found):
        return True
    return expected == "GENERIC_INTERNAL_ERROR" or {expected, found} <= BEFORE_IT_RUNS


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.stem)
def test_every_statement_answers_as_trino_or_is_refused_by_name(
    connection: Any, topic: Path
) -> None:
    wrong = [
        f"{case}\n  found {found}"
        for case in cases(topic)
        if not is_as_expected(case, found := outcome(connection, case["sql"]))
    ]
    assert not wrong, "\n".join([f"{len(wrong)} statements", *wrong])


def test_at_most_one_statement_in_twenty_is_refused() -> None:
    every = [case for topic in TOPICS for case in cases(topic)]
    refused = [case for case in every if "refused" in case]
    assert len(every) > 3000
    assert len(refused) <= len(every) / 20
