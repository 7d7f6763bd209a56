"""SHOW and DESCRIBE: what is asked for, and of which table or database."""

from __future__ import annotations

from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.statements.tokens import Tokens


def describe(tokens: Tokens) -> st.Statement:
    if not tokens.accept("DESCRIBE"):
        tokens.expect("DESC")
    tokens.accept("VIEW")
    tokens.accept("TABLE")
    formatted = tokens.accept("FORMATTED")
    tokens.accept("EXTENDED")
    return st.Describe(tokens.table_name(), formatted)


def show(tokens: Tokens) -> st.Statement:
    tokens.expect("SHOW")
    if tokens.accept("DATABASES") or tokens.accept("SCHEMAS"):
        return st.ShowDatabases(_pattern(tokens))
    if tokens.accept("TABLES"):
        return st.ShowTables(_database(tokens), _pattern(tokens))
    if tokens.accept("VIEWS"):
        return st.ShowViews(_database(tokens), _pattern(tokens))
    if tokens.accept("PARTITIONS"):
        return st.ShowPartitions(tokens.table_name())
    if tokens.accept("CREATE", "TABLE"):
        return st.ShowCreateTable(tokens.table_name())
    if tokens.accept("CREATE", "VIEW"):
        return st.ShowCreateView(tokens.table_name())
    if tokens.accept("COLUMNS"):
        return _columns(tokens)
    if tokens.accept("TBLPROPERTIES"):
        return _properties(tokens)
    raise tokens.unexpected("'DATABASES', 'TABLES', 'VIEWS', 'COLUMNS', 'PARTITIONS', 'CREATE'")


def _inside(tokens: Tokens) -> bool:
    return tokens.accept("IN") or tokens.accept("FROM")


def _database(tokens: Tokens) -> str | None:
    return tokens.table_name().name if _inside(tokens) else None


def _pattern(tokens: Tokens) -> str | None:
    tokens.accept("LIKE")
    return tokens.text() if tokens.next.kind == "text" else None


def _columns(tokens: Tokens) -> st.Statement:
    if not _inside(tokens):
        raise tokens.unexpected("'IN', 'FROM'")
    table = tokens.table_name()
    return st.ShowColumns(st.TableName(table.name, tokens.name()) if _inside(tokens) else table)


def _properties(tokens: Tokens) -> st.Statement:
    table, name = tokens.table_name(), None
    if tokens.accept("("):
        name = tokens.text()
        tokens.expect(")")
    return st.ShowProperties(table, name)
