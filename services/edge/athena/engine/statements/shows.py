"""SHOW and DESCRIBE: the catalog as lines, padded as Hive pads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from services.edge.athena.engine import results
from services.edge.athena.engine.run import Rules, Run, named
from services.edge.athena.engine.tables import catalog_tables as tables
from services.edge.athena.engine.tables import delta_tables, partition_values
from services.edge.athena.engine.tables.views import view_definition
from services.edge.athena.sql.errors import QueryError

Document = dict[str, Any]
WIDTH = 20
_HIDDEN = ("transient_lastDdlTime",)


def _lines(run: Run, lines: list[str], *columns: str) -> Document:
    described = [results.lines_column(name) for name in columns]
    results.write_lines(run.storage, run.location, lines, described)
    return {"columns": described}


def _matching(run: Run, names: list[str]) -> list[str]:
    """By SHOW's pattern, in which * stands for anything and | for or."""
    pattern = run.statement.given.get("pattern")
    if pattern is None:
        return sorted(names)
    expression = re.compile("|".join(re.escape(p).replace(r"\*", ".*") for p in pattern.split("|")))
    return sorted(name for name in names if expression.fullmatch(name))


def _databases(run: Run) -> Document:
    names = [one["Name"] for one in run.catalog.databases()]
    return _lines(run, _matching(run, names), "database_name")


def _tables(run: Run) -> Document:
    return _lines(run, _matching(run, _names(run, lambda _: True)), "tab_name")


def _views(run: Run) -> Document:
    names = _names(run, lambda one: one.get("TableType") == "VIRTUAL_VIEW")
    return _lines(run, _matching(run, names), "views")


def _names(run: Run, wanted: Callable[[Document], bool]) -> list[str]:
    database = (run.statement.given.get("table") or [run.catalog.database])[-1]
    if not run.catalog.has_database(database):
        raise QueryError("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist")
    return [one["Name"] for one in run.catalog.tables(database) if wanted(one)]


def _table(run: Run) -> Document:
    return run.catalog.table(*named(run, run.statement.given["table"]))


def _described(table: Document) -> tuple[list[Document], list[Document]]:
    return table["StorageDescriptor"].get("Columns") or [], table.get("PartitionKeys") or []


def _columns(run: Run) -> Document:
    columns, keys = _described(_table(run))
    return _lines(run, [one["Name"].ljust(WIDTH) for one in (*columns, *keys)], "field")


def _partitions(run: Run) -> Document:
    table = _table(run)
    keys = [one["Name"] for one in table.get("PartitionKeys") or []]
    if tables.is_delta(table):
        snapshot = delta_tables.snapshot_of(table, run.storage)
        keys, found = delta_tables.partitions_of(snapshot)
        values = [[partition_values.HIVE_NULL if v is None else v for v in one] for one in found]
    else:
        name = table["DatabaseName"], table["Name"]
        values = [one["Values"] for one in run.catalog.partitions(*name)]
    if not keys:
        raise QueryError(
            "", f"FAILED: SemanticException Table {table['Name']} is not a partitioned table"
        )
    lines = [
        "/".join(
            f"{key}={partition_values.escaped(value)}" for key, value in zip(keys, one, strict=True)
        )
        for one in values
    ]
    return _lines(run, sorted(lines), "partition")


def _properties(run: Run) -> Document:
    parameters = dict(_table(run).get("Parameters") or {})
    wanted = run.statement.given.get("property")
    if wanted is not None:
        value = parameters.get(wanted, f"Table does not have property: {wanted}")
        return _lines(run, [str(value)], "prpt_name", "prpt_value")
    lines = [f"{name}\t{value}" for name, value in sorted(parameters.items())]
    return _lines(run, lines, "prpt_name", "prpt_value")


def _describe(run: Run) -> Document:
    table = _table(run)
    columns, keys = _described(table)
    lines = [_row(one) for one in (*columns, *keys)]
    head = "\t".join(("# col_name".ljust(WIDTH), "data_type".ljust(WIDTH), "comment".ljust(WIDTH)))
    if run.statement.given.get("formatted"):
        lines = [head, "\t \t ", *lines]
    if keys:
        lines += ["\t \t ", "# Partition Information\t \t ", head, "\t \t "]
        lines += [_row(one) for one in keys]
    if run.statement.given.get("formatted"):
        lines += _detailed(table)
    return _lines(run, lines, "col_name", "data_type", "comment")


def _row(column: Document) -> str:
    parts = column["Name"], column.get("Type") or "", column.get("Comment") or ""
    return "\t".join(part.ljust(WIDTH) for part in parts)


def _detailed(table: Document) -> list[str]:
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


def _create_table(run: Run) -> Document:
    table = _table(run)
    if table.get("TableType") == "VIRTUAL_VIEW":
        raise QueryError("NOT_SUPPORTED", f"{table['Name']} is a view, use SHOW CREATE VIEW")
    return _lines(run, _written(table), "createtab_stmt")


def _written(table: Document) -> list[str]:
    """The statement that makes the table, a clause per line."""
    columns, keys = _described(table)
    storage = table["StorageDescriptor"]
    name = f"`{table['DatabaseName']}.{table['Name']}`"
    if tables.is_delta(table):
        location = delta_tables.location_of(table)
        return [
            f"CREATE EXTERNAL TABLE {name}",
            *("LOCATION", f"  '{location}'", "TBLPROPERTIES (", "  'table_type'='DELTA')"),
        ]
    lines = [f"CREATE EXTERNAL TABLE {name}(", *_listed(columns)]
    if keys:
        lines += ["PARTITIONED BY ( ", *_listed(keys)]
    serde = storage.get("SerdeInfo") or {}
    lines += ["ROW FORMAT SERDE ", f"  '{serde.get('SerializationLibrary', '')}' "]
    if serde.get("Parameters"):
        lines += ["WITH SERDEPROPERTIES ( ", *_pairs(serde["Parameters"])]
    lines += ["STORED AS INPUTFORMAT ", f"  '{storage.get('InputFormat', '')}' "]
    lines += ["OUTPUTFORMAT ", f"  '{storage.get('OutputFormat', '')}'"]
    lines += ["LOCATION", f"  '{storage.get('Location', '')}'"]
    shown = {k: v for k, v in (table.get("Parameters") or {}).items() if k not in _HIDDEN}
    return lines + (["TBLPROPERTIES (", *_pairs(shown)] if shown else [])


def _listed(columns: list[Document]) -> list[str]:
    written = [f"  `{one['Name']}` {one.get('Type') or 'string'}{_comment(one)}" for one in columns]
    return [f"{one}, " for one in written[:-1]] + [f"{written[-1]})"]


def _comment(column: Document) -> str:
    return f" COMMENT '{column['Comment']}'" if column.get("Comment") else ""


def _pairs(properties: dict[str, str]) -> list[str]:
    written = [f"  '{name}'='{value}'" for name, value in sorted(properties.items())]
    return [f"{one}, " for one in written[:-1]] + [f"{written[-1]})"]


def _create_view(run: Run) -> Document:
    table = _table(run)
    if table.get("TableType") != "VIRTUAL_VIEW":
        raise QueryError("NOT_SUPPORTED", f"{table['Name']} is a table, use SHOW CREATE TABLE")
    sql = view_definition(table)["originalSql"]
    name = f'"{table["DatabaseName"]}"."{table["Name"]}"'
    return _lines(run, [f"CREATE VIEW {name} AS ", *sql.splitlines()], "Create View")


RULES: Rules = {
    "show_databases": _databases,
    "show_tables": _tables,
    "show_views": _views,
    "show_columns": _columns,
    "show_partitions": _partitions,
    "show_tblproperties": _properties,
    "show_create_table": _create_table,
    "show_create_view": _create_view,
    "describe": _describe,
}
