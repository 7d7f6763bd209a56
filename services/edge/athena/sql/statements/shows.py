"""SHOW and DESCRIBE: what is asked for, and of which table or database."""

from __future__ import annotations

from typing import Any

from services.edge.athena.sql.statements.tokens import Words

UTILITY = "UTILITY"
TYPES = {
    "show_databases": (UTILITY, "SHOW_DATABASES"),
    "show_tables": (UTILITY, "SHOW_TABLES"),
    "show_views": (UTILITY, "SHOW_VIEWS"),
    "show_columns": (UTILITY, "SHOW_COLUMNS"),
    "show_partitions": (UTILITY, "SHOW_PARTITIONS"),
    "show_create_table": (UTILITY, "SHOW_CREATE_TABLE"),
    "show_create_view": (UTILITY, "SHOW_CREATE_VIEW"),
    "show_tblproperties": (UTILITY, "SHOW_TBLPROPERTIES"),
    "describe": (UTILITY, "DESCRIBE_TABLE"),
}
Found = tuple[str, dict[str, Any]]


def read(words: Words) -> Found | None:
    if words.accept("DESCRIBE") or words.accept("DESC"):
        words.accept("VIEW")
        words.accept("TABLE")
        given: dict[str, Any] = {"formatted": words.accept("FORMATTED")}
        given["extended"] = words.accept("EXTENDED")
        return _table(words, "describe", given)
    if not words.accept("SHOW"):
        return None
    if words.accept("DATABASES") or words.accept("SCHEMAS"):
        return _listed(words, "show_databases", {})
    for name in ("TABLES", "VIEWS"):
        if words.accept(name):
            inside = words.accept("IN") or words.accept("FROM")
            return _listed(
                words, f"show_{name.lower()}", {"table": words.names()} if inside else {}
            )
    for written, kind in _OF_TABLES.items():
        if words.accept(*written):
            return _table(words, kind, {})
    if words.accept("COLUMNS"):
        return _columns(words)
    if words.accept("TBLPROPERTIES"):
        return _properties(words)
    raise words.unexpected("'DATABASES', 'TABLES', 'VIEWS', 'COLUMNS', 'PARTITIONS', 'CREATE'")


_OF_TABLES = {
    ("PARTITIONS",): "show_partitions",
    ("CREATE", "TABLE"): "show_create_table",
    ("CREATE", "VIEW"): "show_create_view",
}


def _listed(words: Words, kind: str, given: dict[str, Any]) -> Found:
    """With a pattern: a regular expression in which * stands for anything."""
    words.accept("LIKE")
    if words.next.kind == "text":
        given["pattern"] = words.text()
    words.end()
    return kind, given


def _table(words: Words, kind: str, given: dict[str, Any]) -> Found:
    given["table"] = words.names()
    words.end()
    return kind, given


def _columns(words: Words) -> Found:
    if not (words.accept("IN") or words.accept("FROM")):
        raise words.unexpected("'IN', 'FROM'")
    table = words.names()
    if words.accept("IN") or words.accept("FROM"):
        table = [words.name(), table[-1]]
    words.end()
    return "show_columns", {"table": table}


def _properties(words: Words) -> Found:
    given: dict[str, Any] = {"table": words.names()}
    if words.accept("("):
        given["property"] = words.text()
        words.expect(")")
    words.end()
    return "show_tblproperties", given
