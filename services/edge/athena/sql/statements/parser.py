"""What a text asks for: its kind, and what belongs to it; raises MalformedQueryError."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements import definitions, parameters, shows
from services.edge.athena.sql.statements.tokens import Words
from services.edge.athena.sql.trino.syntax import parsed

DML, DDL, UTILITY = "DML", "DDL", "UTILITY"
_TYPES = {
    "select": (DML, "SELECT"),
    "insert": (DML, "INSERT"),
    "unload": (DML, "UNLOAD"),
    "ctas": (DDL, "CREATE_TABLE_AS_SELECT"),
    "create_view": (DDL, "CREATE_VIEW"),
    "explain": (UTILITY, "EXPLAIN"),
    "prepare": (DDL, "PREPARE"),
    "deallocate": (DDL, "DEALLOCATE"),
    "execute": (DML, "SELECT"),
    **definitions.TYPES,
    **shows.TYPES,
}
_READ_ONLY = ("UPDATE", "DELETE", "MERGE", "OPTIMIZE", "VACUUM")


@dataclass(frozen=True)
class Statement:
    """`sql` is the text that the positions of `node`, its query, belong to."""

    kind: str
    sql: str
    node: exp.Expr | None = None
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return _TYPES[self.kind][0]

    @property
    def substatement(self) -> str:
        return _TYPES[self.kind][1]


def read(sql: str, values: list[str] | None = None) -> Statement:
    """`values` are the constants that stand for the question marks, in their order."""
    words = Words(sql)
    statement = _read(sql, words)
    if statement.node is not None and statement.kind != "prepare":
        parameters.fill(statement.node, values or [])
    return statement


def _read(sql: str, words: Words) -> Statement:
    first = words.next.written.upper()
    if first in _QUERIES or first == "(":
        return Statement("select", sql, parsed(sql.rstrip().rstrip(";")))
    if first in _READ_ONLY:
        raise MalformedQueryError(
            f"NOT_SUPPORTED: {first} is for Iceberg tables, which are not available here: Delta"
            " tables are read-only in Athena, and other tables take INSERT INTO"
        )
    if rule := _RULES.get(first):
        return rule(words)
    for reader in (shows.read, definitions.read):
        if found := reader(words):
            kind, given = found
            return Statement(kind, sql, None, given)
    raise words.unexpected(", ".join(f"'{one}'" for one in (*_QUERIES, *_RULES, "DROP", "SHOW")))


_QUERIES = ("SELECT", "WITH", "VALUES", "TABLE")


def _query(words: Words, kind: str, given: dict[str, Any]) -> Statement:
    """The rest of the words is a query."""
    rest, _ = words.rest()
    return Statement(kind, rest, parsed(rest.rstrip().rstrip(";")), given)


def _explain(words: Words) -> Statement:
    words.expect("EXPLAIN")
    analyze = words.accept("ANALYZE")
    if words.next.written == "(" and not words.looks("(", "SELECT"):
        start, end = words.skip_parentheses()
        if "TEXT" not in words.sql[start:end].upper() and "FORMAT" in words.sql[start:end].upper():
            raise MalformedQueryError("NOT_SUPPORTED: EXPLAIN gives TEXT here, no other format")
    return _query(words, "explain", {"analyze": analyze})


def _insert(words: Words) -> Statement:
    words.expect("INSERT", "INTO")
    target = words.names()
    columns: list[str] = []
    if words.next.written == "(" and not words.looks("(", "SELECT"):
        words.expect("(")
        columns.append(words.name())
        while words.accept(","):
            columns.append(words.name())
        words.expect(")")
    return _query(words, "insert", {"target": target, "columns": columns})


def _unload(words: Words) -> Statement:
    words.expect("UNLOAD")
    if words.next.written != "(":
        raise words.unexpected("'('")
    start, end = words.skip_parentheses()
    words.expect("TO")
    given: dict[str, Any] = {"location": words.text()}
    given["properties"] = definitions.with_properties(words) if words.accept("WITH") else {}
    words.end()
    blank = "".join("\n" if one == "\n" else " " for one in words.sql[:start])
    sql = blank + words.sql[start:end]
    return Statement("unload", sql, parsed(sql), given)


def _create(words: Words) -> Statement:
    sql = words.sql
    if found := definitions.read_view(words):
        return _query(words, "create_view", found)
    if found := definitions.read_ctas(words):
        rest, _ = words.rest()
        text, has_data = definitions.without_data_clause(rest)
        return Statement("ctas", text, parsed(text), {**found, "with_data": has_data})
    kind_and_given = definitions.read(words)
    if kind_and_given is None:
        raise words.unexpected("'EXTERNAL', 'TABLE', 'VIEW', 'DATABASE', 'SCHEMA'")
    return Statement(kind_and_given[0], sql, None, kind_and_given[1])


def _prepare(words: Words) -> Statement:
    words.expect("PREPARE")
    name = words.name()
    words.expect("FROM")
    _, start = words.rest()
    query = words.sql[start:].rstrip().rstrip(";")
    _read(query, Words(query))
    return Statement("prepare", words.sql, None, {"name": name, "query": query})


def _execute(words: Words) -> Statement:
    words.expect("EXECUTE")
    if words.accept("IMMEDIATE"):
        return _execute_immediate(words)
    given = {"name": words.name(), "parameters": parameters.using(words)}
    return Statement("execute", words.sql, None, given)


def _execute_immediate(words: Words) -> Statement:
    inner = parameters.quoted_statement(words)
    statement, values = _read(inner, Words(inner)), parameters.using(words)
    if statement.node is None:
        raise MalformedQueryError(
            f"NOT_SUPPORTED: EXECUTE IMMEDIATE runs queries here, not {statement.substatement}"
        )
    if values:
        parameters.fill(statement.node, values)
    return statement


def _deallocate(words: Words) -> Statement:
    words.expect("DEALLOCATE", "PREPARE")
    given = {"name": words.name()}
    words.end()
    return Statement("deallocate", words.sql, None, given)


_RULES = {
    "EXPLAIN": _explain,
    "INSERT": _insert,
    "UNLOAD": _unload,
    "CREATE": _create,
    "PREPARE": _prepare,
    "EXECUTE": _execute,
    "DEALLOCATE": _deallocate,
}
