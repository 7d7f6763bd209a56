"""CREATE EXTERNAL TABLE: its clauses, which may come in any order."""

from __future__ import annotations

from dataclasses import replace

from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements.lists import columns, text_properties
from services.edge.athena.sql.statements.statement import CreateTable, Properties
from services.edge.athena.sql.statements.tokens import Tokens


def create_table(tokens: Tokens) -> CreateTable:
    tokens.expect("CREATE")
    if not tokens.accept("EXTERNAL"):
        raise MalformedQueryError("External keyword required for table type HIVE")
    tokens.expect("TABLE")
    if_not_exists, name = tokens.accept("IF", "NOT", "EXISTS"), tokens.table_name()
    table = CreateTable(name, if_not_exists, columns(tokens) if tokens.at("(") else [])
    while tokens.next.kind != "end":
        table = _with_clause(table, tokens)
    if not table.location:
        raise MalformedQueryError(
            "No location was specified for table. An S3 location must be specified"
        )
    return table


def _with_clause(table: CreateTable, tokens: Tokens) -> CreateTable:
    if tokens.accept("COMMENT"):
        return replace(table, comment=tokens.text())
    if tokens.accept("PARTITIONED", "BY"):
        return replace(table, partition_keys=columns(tokens))
    if tokens.accept("ROW", "FORMAT", "SERDE"):
        return replace(table, serde=tokens.text())
    if tokens.accept("ROW", "FORMAT", "DELIMITED"):
        return replace(table, serde_properties=table.serde_properties | _delimiters(tokens))
    if tokens.accept("WITH", "SERDEPROPERTIES"):
        return replace(table, serde_properties=table.serde_properties | text_properties(tokens))
    if tokens.accept("STORED", "AS"):
        return _stored(table, tokens)
    if tokens.accept("LOCATION"):
        return replace(table, location=tokens.text())
    if tokens.accept("TBLPROPERTIES"):
        return replace(table, properties=text_properties(tokens))
    raise tokens.unexpected("'ROW FORMAT', 'STORED AS', 'LOCATION', 'TBLPROPERTIES'")


_DELIMITERS = {
    ("FIELDS", "TERMINATED", "BY"): "field.delim",
    ("ESCAPED", "BY"): "escape.delim",
    ("COLLECTION", "ITEMS", "TERMINATED", "BY"): "collection.delim",
    ("MAP", "KEYS", "TERMINATED", "BY"): "mapkey.delim",
    ("LINES", "TERMINATED", "BY"): "line.delim",
    ("NULL", "DEFINED", "AS"): "serialization.null.format",
}


def _delimiters(tokens: Tokens) -> Properties:
    found: Properties = {}
    while words := next((words for words in _DELIMITERS if tokens.accept(*words)), None):
        found[_DELIMITERS[words]] = tokens.text()
    return found


def _stored(table: CreateTable, tokens: Tokens) -> CreateTable:
    if not tokens.accept("INPUTFORMAT"):
        return replace(table, stored_as=tokens.name())
    input_format = tokens.text()
    tokens.expect("OUTPUTFORMAT")
    return replace(table, formats=(input_format, tokens.text()))
