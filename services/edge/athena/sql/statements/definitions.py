"""CREATE, DROP and ALTER: what they define, as plain data."""

from __future__ import annotations

import re
from typing import Any

from services.edge.athena.sql.statements.table_definitions import (
    columns,
    create_table,
    text_properties,
)
from services.edge.athena.sql.statements.tokens import Words

DDL = "DDL"
TYPES = {
    "create_database": (DDL, "CREATE_DATABASE"),
    "drop_database": (DDL, "DROP_DATABASE"),
    "create_table": (DDL, "CREATE_TABLE"),
    "drop_table": (DDL, "DROP_TABLE"),
    "drop_view": (DDL, "DROP_VIEW"),
    "add_partitions": (DDL, "ALTER_TABLE_ADD_PARTITION"),
    "drop_partitions": (DDL, "ALTER_TABLE_DROP_PARTITION"),
    "rename_partition": (DDL, "ALTER_TABLE_RENAME_PARTITION"),
    "add_columns": (DDL, "ALTER_TABLE_ADD_COLUMNS"),
    "replace_columns": (DDL, "ALTER_TABLE_REPLACE_COLUMNS"),
    "set_location": (DDL, "ALTER_TABLE_SET_LOCATION"),
    "set_properties": (DDL, "ALTER_TABLE_SET_TBLPROPERTIES"),
    "repair": (DDL, "MSCK_REPAIR_TABLE"),
}
Given = dict[str, Any]
Found = tuple[str, Given]


def read(words: Words) -> Found | None:
    if words.accept("MSCK", "REPAIR", "TABLE"):
        return _ended(words, "repair", {"table": words.names()})
    if words.accept("ALTER", "TABLE"):
        return _alter(words)
    if words.accept("DROP"):
        return _drop(words)
    if words.looks("CREATE", "EXTERNAL") or words.looks("CREATE", "TABLE"):
        return "create_table", create_table(words)
    if words.accept("CREATE", "DATABASE") or words.accept("CREATE", "SCHEMA"):
        return _create_database(words)
    return None


def read_view(words: Words) -> Given | None:
    """CREATE [OR REPLACE] VIEW name AS, up to its query."""
    replace = words.accept("CREATE", "OR", "REPLACE", "VIEW")
    if not replace and not words.accept("CREATE", "VIEW"):
        return None
    given: Given = {"table": words.names(), "replace": replace}
    words.expect("AS")
    return given


def read_ctas(words: Words) -> Given | None:
    """CREATE TABLE name [WITH (…)] AS, up to its query; nothing where it has columns."""
    if not words.looks("CREATE", "TABLE"):
        return None
    ahead = Words(words.sql)
    ahead.expect("CREATE", "TABLE")
    given: Given = {"if_not_exists": ahead.accept("IF", "NOT", "EXISTS"), "table": ahead.names()}
    given["comment"] = ahead.text() if ahead.accept("COMMENT") else None
    given["properties"] = with_properties(ahead) if ahead.accept("WITH") else {}
    if not ahead.accept("AS"):
        return None
    words.__dict__.update(ahead.__dict__)
    return given


def without_data_clause(sql: str) -> tuple[str, bool]:
    """The query of a CTAS, and whether its rows are wanted."""
    match = re.search(r"\bWITH\s+(NO\s+)?DATA\s*;?\s*$", sql, re.IGNORECASE)
    if match is None:
        return sql.rstrip().rstrip(";"), True
    return sql[: match.start()], match[1] is None


def with_properties(words: Words) -> Given:
    """(name = value, …) of CTAS and UNLOAD, where a value may be ARRAY['…', …]."""
    given: Given = {}
    words.expect("(")
    while not words.accept(")"):
        name = words.name()
        words.expect("=")
        given[name] = _property(words)
        if not words.accept(",") and words.next.written != ")":
            raise words.unexpected("',' or ')'")
    return given


def _property(words: Words) -> Any:
    if words.accept("ARRAY"):
        words.expect("[")
        values = []
        while not words.accept("]"):
            values.append(words.text())
            words.accept(",")
        return values
    return words.take("text", "number", "word").value


def _ended(words: Words, kind: str, given: Given) -> Found:
    words.end()
    return kind, given


def _create_database(words: Words) -> Found:
    given: Given = {"if_not_exists": words.accept("IF", "NOT", "EXISTS"), "name": words.name()}
    given["comment"] = words.text() if words.accept("COMMENT") else None
    given["location"] = words.text() if words.accept("LOCATION") else None
    given["properties"] = text_properties(words) if words.accept("WITH", "DBPROPERTIES") else {}
    return _ended(words, "create_database", given)


def _drop(words: Words) -> Found:
    if words.accept("TABLE"):
        kind = "drop_table"
    elif words.accept("VIEW"):
        kind = "drop_view"
    elif words.accept("DATABASE") or words.accept("SCHEMA"):
        exists = words.accept("IF", "EXISTS")
        given: Given = {"if_exists": exists, "name": words.name()}
        given["cascade"] = words.accept("CASCADE")
        words.accept("RESTRICT")
        return _ended(words, "drop_database", given)
    else:
        raise words.unexpected("'TABLE', 'VIEW', 'DATABASE', 'SCHEMA'")
    return _ended(words, kind, {"if_exists": words.accept("IF", "EXISTS"), "table": words.names()})


def _alter(words: Words) -> Found:
    given: Given = {"table": words.names()}
    if words.accept("SET", "TBLPROPERTIES"):
        return _ended(words, "set_properties", {**given, "properties": text_properties(words)})
    if words.looks("PARTITION"):
        return _alter_partition(words, given)
    if words.accept("SET", "LOCATION"):
        return _ended(words, "set_location", {**given, "location": words.text()})
    for kind in ("ADD", "REPLACE"):
        if words.accept(kind, "COLUMNS"):
            given["columns"] = columns(words)
            return _ended(words, f"{kind.lower()}_columns", given)
    if words.accept("ADD"):
        return _add_partitions(words, given)
    if words.accept("DROP"):
        given["if_exists"] = words.accept("IF", "EXISTS")
        given["partitions"] = [_partition(words)]
        while words.accept(","):
            given["partitions"].append(_partition(words))
        return _ended(words, "drop_partitions", given)
    raise words.unexpected(
        "'ADD PARTITION', 'DROP PARTITION', 'ADD COLUMNS', 'REPLACE COLUMNS', 'SET LOCATION',"
        " 'SET TBLPROPERTIES'"
    )


def _add_partitions(words: Words, given: Given) -> Found:
    given["if_not_exists"] = words.accept("IF", "NOT", "EXISTS")
    given["partitions"] = []
    while words.looks("PARTITION"):
        values = _partition(words)
        location = words.text() if words.accept("LOCATION") else None
        given["partitions"].append({"values": values, "location": location})
        words.accept(",")
    if not given["partitions"]:
        raise words.unexpected("'PARTITION', 'COLUMNS'")
    return _ended(words, "add_partitions", given)


def _alter_partition(words: Words, given: Given) -> Found:
    given["partition"] = _partition(words)
    if words.accept("SET", "LOCATION"):
        return _ended(words, "set_location", {**given, "location": words.text()})
    if words.accept("RENAME", "TO"):
        return _ended(words, "rename_partition", {**given, "renamed": _partition(words)})
    raise words.unexpected("'SET LOCATION', 'RENAME TO PARTITION'")


def _partition(words: Words) -> dict[str, str]:
    words.expect("PARTITION")
    words.expect("(")
    values = {}
    while not words.accept(")"):
        name = words.name()
        words.expect("=")
        values[name] = words.take("text", "number", "word").value
        words.accept(",")
    return values
