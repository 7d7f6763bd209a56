"""CREATE, DROP, ALTER and MSCK REPAIR; those with a query are read up to it."""

from __future__ import annotations

from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.statements.lists import (
    columns,
    partition_values,
    text_properties,
)
from services.edge.athena.sql.statements.tokens import Tokens


def repair(tokens: Tokens) -> st.Statement:
    tokens.expect("MSCK", "REPAIR", "TABLE")
    return st.RepairTable(tokens.table_name())


def create_database(tokens: Tokens) -> st.Statement:
    return st.CreateDatabase(
        if_not_exists=tokens.accept("IF", "NOT", "EXISTS"),
        name=tokens.name(),
        comment=tokens.text() if tokens.accept("COMMENT") else None,
        location=tokens.text() if tokens.accept("LOCATION") else None,
        properties=text_properties(tokens) if tokens.accept("WITH", "DBPROPERTIES") else {},
    )


def drop(tokens: Tokens) -> st.Statement:
    tokens.expect("DROP")
    if tokens.accept("TABLE"):
        return st.DropTable(if_exists=tokens.accept("IF", "EXISTS"), table=tokens.table_name())
    if tokens.accept("VIEW"):
        return st.DropView(if_exists=tokens.accept("IF", "EXISTS"), table=tokens.table_name())
    if tokens.accept("DATABASE") or tokens.accept("SCHEMA"):
        if_exists, name = tokens.accept("IF", "EXISTS"), tokens.name()
        cascade = tokens.accept("CASCADE")
        tokens.accept("RESTRICT")
        return st.DropDatabase(name, if_exists, cascade)
    raise tokens.unexpected("'TABLE', 'VIEW', 'DATABASE', 'SCHEMA'")


def alter_table(tokens: Tokens) -> st.Statement:
    tokens.expect("ALTER", "TABLE")
    table = tokens.table_name()
    if tokens.accept("SET", "TBLPROPERTIES"):
        return st.SetProperties(table, text_properties(tokens))
    if tokens.at("PARTITION"):
        return _alter_partition(tokens, table)
    if tokens.accept("SET", "LOCATION"):
        return st.SetLocation(table, tokens.text())
    if tokens.accept("ADD", "COLUMNS"):
        return st.AddColumns(table, columns(tokens))
    if tokens.accept("REPLACE", "COLUMNS"):
        return st.ReplaceColumns(table, columns(tokens))
    if tokens.accept("ADD"):
        return _add_partitions(tokens, table)
    if tokens.accept("DROP"):
        return _drop_partitions(tokens, table)
    raise tokens.unexpected(
        "'ADD PARTITION', 'DROP PARTITION', 'ADD COLUMNS', 'REPLACE COLUMNS', 'SET LOCATION',"
        " 'SET TBLPROPERTIES'"
    )


def _add_partitions(tokens: Tokens, table: st.TableName) -> st.Statement:
    if_not_exists = tokens.accept("IF", "NOT", "EXISTS")
    partitions = []
    while tokens.at("PARTITION"):
        values = partition_values(tokens)
        partitions.append((values, tokens.text() if tokens.accept("LOCATION") else None))
        tokens.accept(",")
    if not partitions:
        raise tokens.unexpected("'PARTITION', 'COLUMNS'")
    return st.AddPartitions(table, if_not_exists, partitions)


def _drop_partitions(tokens: Tokens, table: st.TableName) -> st.Statement:
    if_exists = tokens.accept("IF", "EXISTS")
    partitions = [partition_values(tokens)]
    while tokens.accept(","):
        partitions.append(partition_values(tokens))
    return st.DropPartitions(table, if_exists, partitions)


def _alter_partition(tokens: Tokens, table: st.TableName) -> st.Statement:
    partition = partition_values(tokens)
    if tokens.accept("SET", "LOCATION"):
        return st.SetLocation(table, tokens.text(), partition)
    if tokens.accept("RENAME", "TO"):
        return st.RenamePartition(table, partition, partition_values(tokens))
    raise tokens.unexpected("'SET LOCATION', 'RENAME TO PARTITION'")
