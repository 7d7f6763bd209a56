"""SearchTables: which tables a request is after, and in which order."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from services.edge.glue.catalog.tables import Table
from services.edge.glue.errors import invalid_input

TIMES = ("CreateTime", "UpdateTime", "LastAccessTime", "LastAnalyzedTime")
TEXTS = ("Name", "DatabaseName", "Description", "Owner", "TableType", "CreatedBy", "CatalogId")
PARAMETER = "Parameters."


def terms(text: str | None) -> tuple[list[str], str | None]:
    """The words that must all occur, and the exact value that a quoted text asks for."""
    given = (text or "").strip().lower()
    quoted = re.fullmatch(r"(['\"])(.+)\1", given)
    return ([], quoted[2]) if quoted else (given.split(), None)


def wanted(table: Table, filters: list[dict[str, Any]]) -> bool:
    return all(_passes(table, predicate) for predicate in filters)


def ordered(tables: list[Table], criteria: list[dict[str, str]]) -> list[Table]:
    """By one criterion at most, ties and no criterion by database and name."""
    by_name = sorted(tables, key=lambda table: (table["DatabaseName"], table["Name"]))
    if not criteria:
        return by_name
    field = criteria[0].get("FieldName", "Name")
    _check(field)
    missing: Any = 0.0 if field in TIMES else ""
    descending = criteria[0].get("Sort") == "DESC"
    return sorted(by_name, key=lambda table: table.get(field, missing), reverse=descending)


def _passes(table: Table, predicate: dict[str, Any]) -> bool:
    field, value = predicate.get("Key", ""), predicate.get("Value", "")
    if field in TIMES:
        return _compares(table.get(field), predicate.get("Comparator") or "EQUALS", value)
    if field.startswith(PARAMETER):
        found = table.get("Parameters", {}).get(field.removeprefix(PARAMETER), "")
    else:
        _check(field)
        found = str(table.get(field, ""))
    return value == found or value in re.split(r"[^0-9A-Za-z]+", found)


def _compares(found: float | None, comparator: str, value: str) -> bool:
    if found is None:
        return False
    given = _seconds(value)
    if comparator in ("GREATER_THAN", "GREATER_THAN_EQUALS") and found > given:
        return True
    if comparator in ("LESS_THAN", "LESS_THAN_EQUALS") and found < given:
        return True
    return found == given and "EQUALS" in comparator


def _seconds(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        pass
    try:
        given = datetime.fromisoformat(value)
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
    except ValueError:
        raise invalid_input(
            f"Expected a time as epoch seconds or ISO 8601, found {value!r}."
        ) from None


def _check(field: str) -> None:
    if field not in (*TIMES, *TEXTS):
        raise invalid_input(
            f"{field!r} cannot be searched here; expected {', '.join((*TIMES, *TEXTS))}"
            f" or {PARAMETER}<name>."
        )
