"""The statement that a text is; raises MalformedQueryError."""

from __future__ import annotations

import re
from collections.abc import Callable

from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements import definitions, parameters, shows
from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.statements.create_table import create_table
from services.edge.athena.sql.statements.lists import write_properties
from services.edge.athena.sql.statements.tokens import Tokens
from services.edge.athena.sql.trino.syntax import parsed


def parse(sql: str, values: list[str] | None = None) -> st.Statement:
    """`values` are the constants that stand for the question marks, in their order."""
    statement = _statement(sql)
    if isinstance(statement, st.QueryStatement):
        parameters.fill(statement.query.tree, values or [])
    return statement


def _statement(sql: str) -> st.Statement:
    tokens = Tokens(sql)
    first = tokens.next.text.upper()
    if first in _QUERIES or first == "(":
        return st.Select(_parsed(sql))
    if first in _READ_ONLY:
        raise MalformedQueryError(
            f"NOT_SUPPORTED: {first} is for Iceberg tables, which are not available here: Delta"
            " tables are read-only in Athena, and other tables take INSERT INTO"
        )
    rule = _RULES.get(first)
    if rule is None:
        raise tokens.unexpected(", ".join(f"'{word}'" for word in (*_QUERIES, *_RULES)))
    statement = rule(tokens)
    tokens.expect_end()
    return statement


_QUERIES = ("SELECT", "WITH", "VALUES", "TABLE")
_READ_ONLY = ("UPDATE", "DELETE", "MERGE", "OPTIMIZE", "VACUUM")


def _parsed(sql: str) -> st.ParsedQuery:
    return st.ParsedQuery(sql, parsed(sql.rstrip().rstrip(";")))


def _query(tokens: Tokens) -> st.ParsedQuery:
    """What follows, up to the end."""
    start = tokens.next.start
    return _parsed(tokens.blanked(tokens.rest(), start))


def _explain(tokens: Tokens) -> st.Statement:
    tokens.expect("EXPLAIN")
    analyze = tokens.accept("ANALYZE")
    if tokens.next.text == "(" and not tokens.at("(", "SELECT"):
        start, end = tokens.skip_parentheses()
        options = tokens.sql[start:end].upper()
        if "TEXT" not in options and "FORMAT" in options:
            raise MalformedQueryError("NOT_SUPPORTED: EXPLAIN gives TEXT here, no other format")
    return st.Explain(_query(tokens), analyze)


def _insert(tokens: Tokens) -> st.Statement:
    tokens.expect("INSERT", "INTO")
    table = tokens.table_name()
    columns: list[str] = []
    if tokens.next.text == "(" and not tokens.at("(", "SELECT"):
        tokens.expect("(")
        columns.append(tokens.name())
        while tokens.accept(","):
            columns.append(tokens.name())
        tokens.expect(")")
    return st.Insert(_query(tokens), table, columns)


def _unload(tokens: Tokens) -> st.Statement:
    tokens.expect("UNLOAD")
    if tokens.next.text != "(":
        raise tokens.unexpected("'('")
    start, end = tokens.skip_parentheses()
    tokens.expect("TO")
    location = tokens.text()
    properties = write_properties(tokens) if tokens.accept("WITH") else {}
    return st.Unload(_parsed(tokens.blanked(tokens.sql[start:end], start)), location, properties)


def _create(tokens: Tokens) -> st.Statement:
    if tokens.at("CREATE", "OR", "REPLACE", "VIEW") or tokens.at("CREATE", "VIEW"):
        return _create_view(tokens)
    if tokens.at("CREATE", "TABLE"):
        return _create_table_as(tokens) or create_table(tokens)
    if tokens.at("CREATE", "EXTERNAL"):
        return create_table(tokens)
    if tokens.accept("CREATE", "DATABASE") or tokens.accept("CREATE", "SCHEMA"):
        return definitions.create_database(tokens)
    raise tokens.unexpected("'EXTERNAL', 'TABLE', 'VIEW', 'DATABASE', 'SCHEMA'")


def _create_view(tokens: Tokens) -> st.Statement:
    tokens.expect("CREATE")
    replace = tokens.accept("OR", "REPLACE")
    tokens.expect("VIEW")
    view = tokens.table_name()
    tokens.expect("AS")
    return st.CreateView(_query(tokens), view, replace)


def _create_table_as(tokens: Tokens) -> st.Statement | None:
    """CREATE TABLE name [COMMENT '…'] [WITH (…)] AS …; nothing where it has columns instead."""
    begin = tokens.position
    tokens.expect("CREATE", "TABLE")
    if_not_exists, table = tokens.accept("IF", "NOT", "EXISTS"), tokens.table_name()
    comment = tokens.text() if tokens.accept("COMMENT") else None
    properties = write_properties(tokens) if tokens.accept("WITH") else {}
    if not tokens.accept("AS"):
        tokens.position = begin
        return None
    start = tokens.next.start
    sql = tokens.blanked(tokens.rest(), start)
    no_data = re.search(r"\bWITH\s+(NO\s+)?DATA\s*$", sql, re.IGNORECASE)
    query = _parsed(sql[: no_data.start()] if no_data else sql)
    with_data = no_data is None or no_data[1] is None
    return st.CreateTableAs(query, table, if_not_exists, comment, properties, with_data)


def _prepare(tokens: Tokens) -> st.Statement:
    tokens.expect("PREPARE")
    name = tokens.name()
    tokens.expect("FROM")
    sql = tokens.rest()
    _statement(sql)  # a statement that cannot be read is not kept
    return st.Prepare(name, sql)


def _execute(tokens: Tokens) -> st.Statement:
    tokens.expect("EXECUTE")
    if tokens.accept("IMMEDIATE"):
        return _execute_immediate(tokens)
    return st.Execute(tokens.name(), parameters.using(tokens))


def _execute_immediate(tokens: Tokens) -> st.Statement:
    statement, values = _statement(parameters.quoted_statement(tokens)), parameters.using(tokens)
    if not isinstance(statement, st.QueryStatement):
        raise MalformedQueryError(
            f"NOT_SUPPORTED: EXECUTE IMMEDIATE runs queries here, not {statement.substatement}"
        )
    if values:
        parameters.fill(statement.query.tree, values)
    return statement


def _deallocate(tokens: Tokens) -> st.Statement:
    tokens.expect("DEALLOCATE", "PREPARE")
    return st.Deallocate(tokens.name())


_RULES: dict[str, Callable[[Tokens], st.Statement]] = {
    "EXPLAIN": _explain,
    "INSERT": _insert,
    "UNLOAD": _unload,
    "CREATE": _create,
    "PREPARE": _prepare,
    "EXECUTE": _execute,
    "DEALLOCATE": _deallocate,
    "DROP": definitions.drop,
    "ALTER": definitions.alter_table,
    "MSCK": definitions.repair,
    "SHOW": shows.show,
    "DESCRIBE": shows.describe,
    "DESC": shows.describe,
}
