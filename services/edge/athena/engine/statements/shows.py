"""SHOW and DESCRIBE: the catalog as lines, padded as Hive pads them."""

from __future__ import annotations

import re

from services.edge.athena.engine import results
from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Rules, Run, named
from services.edge.athena.engine.statements import show_create
from services.edge.athena.engine.tables import catalog_tables, delta_tables, partition_values
from services.edge.athena.engine.tables.views import is_view
from services.edge.athena.glue_documents import Column, Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.statements import statement as st

WIDTH = 20


def _lines(run: Run, lines: list[str], *columns: str) -> Result:
    described = [results.lines_column(name) for name in columns]
    results.write_lines(run.storage, run.request.location, lines, described)
    return {"columns": described}


def _matching(pattern: str | None, names: list[str]) -> list[str]:
    """By SHOW's pattern, in which * stands for anything and | for or."""
    if pattern is None:
        return sorted(names)
    expression = re.compile("|".join(re.escape(p).replace(r"\*", ".*") for p in pattern.split("|")))
    return sorted(name for name in names if expression.fullmatch(name))


def _databases(run: Run, statement: st.ShowDatabases) -> Result:
    names = [database["Name"] for database in run.catalog.databases()]
    return _lines(run, _matching(statement.pattern, names), "database_name")


def _tables(run: Run, statement: st.ShowTables) -> Result:
    names = [table["Name"] for table in _tables_of(run, statement)]
    return _lines(run, _matching(statement.pattern, names), "tab_name")


def _views(run: Run, statement: st.ShowViews) -> Result:
    tables = _tables_of(run, statement)
    names = [table["Name"] for table in tables if is_view(table)]
    return _lines(run, _matching(statement.pattern, names), "views")


def _tables_of(run: Run, statement: st.ShowTables) -> list[Table]:
    database = statement.database or run.catalog.database
    if not run.catalog.has_database(database):
        raise QueryError("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist")
    return run.catalog.tables(database)


def _table(run: Run, statement: st.TableStatement) -> Table:
    return run.catalog.table(*named(run, statement.table))


def _columns(run: Run, statement: st.ShowColumns) -> Result:
    columns, keys = show_create.columns_and_keys(_table(run, statement))
    return _lines(run, [column["Name"].ljust(WIDTH) for column in (*columns, *keys)], "field")


def _partitions(run: Run, statement: st.ShowPartitions) -> Result:
    table = _table(run, statement)
    keys = [key["Name"] for key in table.get("PartitionKeys") or []]
    if catalog_tables.is_delta(table):
        snapshot = delta_tables.snapshot_of(table, run.storage)
        keys, found = delta_tables.partitions_of(snapshot)
        partitions = [
            [partition_values.HIVE_NULL if value is None else value for value in values]
            for values in found
        ]
    else:
        glue_partitions = run.catalog.partitions(table["DatabaseName"], table["Name"])
        partitions = [partition["Values"] for partition in glue_partitions]
    if not keys:
        raise QueryError(
            "", f"FAILED: SemanticException Table {table['Name']} is not a partitioned table"
        )
    lines = [partition_values.folder(keys, values) for values in partitions]
    return _lines(run, sorted(lines), "partition")


def _properties(run: Run, statement: st.ShowProperties) -> Result:
    parameters = dict(_table(run, statement).get("Parameters") or {})
    if statement.property is not None:
        missing = f"Table does not have property: {statement.property}"
        value = parameters.get(statement.property, missing)
        return _lines(run, [str(value)], "prpt_name", "prpt_value")
    lines = [f"{name}\t{value}" for name, value in sorted(parameters.items())]
    return _lines(run, lines, "prpt_name", "prpt_value")


def _describe(run: Run, statement: st.Describe) -> Result:
    table = _table(run, statement)
    columns, keys = show_create.columns_and_keys(table)
    lines = [_row(column) for column in (*columns, *keys)]
    head = "\t".join(("# col_name".ljust(WIDTH), "data_type".ljust(WIDTH), "comment".ljust(WIDTH)))
    if statement.formatted:
        lines = [head, "\t \t ", *lines]
    if keys:
        lines += ["\t \t ", "# Partition Information\t \t ", head, "\t \t "]
        lines += [_row(key) for key in keys]
    if statement.formatted:
        lines += _details(table)
    return _lines(run, lines, "col_name", "data_type", "comment")


def _row(column: Column) -> str:
    parts = column["Name"], column.get("Type") or "", column.get("Comment") or ""
    return "\t".join(part.ljust(WIDTH) for part in parts)


def _details(table: Table) -> list[str]:
    storage = table["StorageDescriptor"]
    facts = {
        "Database:": table["DatabaseName"],
        "Owner:": table.get("Owner", ""),
        "CreateTime:": str(table.get("CreateTime", "")),
        "Location:": storage.get("Location", ""),
        "Table Type:": table.get("TableType", ""),
    }
    lines = ["\t \t ", "# Detailed Table Information\t \t "]
    lines += [f"{name.ljust(WIDTH)}\t{value.ljust(WIDTH)}\t " for name, value in facts.items()]
    lines.append("Table Parameters:\t \t ")
    parameters = sorted((table.get("Parameters") or {}).items())
    return lines + [
        f"\t{name.ljust(WIDTH)}\t{str(value).ljust(WIDTH)}" for name, value in parameters
    ]


def _create_table(run: Run, statement: st.ShowCreateTable) -> Result:
    return _lines(run, show_create.table_lines(_table(run, statement)), "createtab_stmt")


def _create_view(run: Run, statement: st.ShowCreateView) -> Result:
    return _lines(run, show_create.view_lines(_table(run, statement)), "Create View")


RULES: Rules = {
    st.ShowDatabases: _databases,
    st.ShowTables: _tables,
    st.ShowViews: _views,
    st.ShowColumns: _columns,
    st.ShowPartitions: _partitions,
    st.ShowProperties: _properties,
    st.ShowCreateTable: _create_table,
    st.ShowCreateView: _create_view,
    st.Describe: _describe,
}
