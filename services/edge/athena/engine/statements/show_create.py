"""The statement that makes a table or a view of the Glue catalog, a clause per line."""

from __future__ import annotations

from services.edge.athena.engine.tables import catalog_tables, delta_tables
from services.edge.athena.engine.tables.views import is_view, view_definition
from services.edge.athena.glue_documents import Column, Table
from services.edge.athena.sql.errors import QueryError

_HIDDEN = ("transient_lastDdlTime",)


def columns_and_keys(table: Table) -> tuple[list[Column], list[Column]]:
    return table["StorageDescriptor"].get("Columns") or [], table.get("PartitionKeys") or []


def table_lines(table: Table) -> list[str]:
    if is_view(table):
        raise QueryError("NOT_SUPPORTED", f"{table['Name']} is a view, use SHOW CREATE VIEW")
    columns, keys = columns_and_keys(table)
    storage = table["StorageDescriptor"]
    name = f"`{table['DatabaseName']}.{table['Name']}`"
    if catalog_tables.is_delta(table):
        location = delta_tables.location_of(table)
        return [
            f"CREATE EXTERNAL TABLE {name}",
            *("LOCATION", f"  '{location}'", "TBLPROPERTIES (", "  'table_type'='DELTA')"),
        ]
    lines = [f"CREATE EXTERNAL TABLE {name}(", *_columns(columns)]
    if keys:
        lines += ["PARTITIONED BY ( ", *_columns(keys)]
    serde = storage.get("SerdeInfo") or {}
    lines += ["ROW FORMAT SERDE ", f"  '{serde.get('SerializationLibrary', '')}' "]
    if serde.get("Parameters"):
        lines += ["WITH SERDEPROPERTIES ( ", *_properties(serde["Parameters"])]
    lines += ["STORED AS INPUTFORMAT ", f"  '{storage.get('InputFormat', '')}' "]
    lines += ["OUTPUTFORMAT ", f"  '{storage.get('OutputFormat', '')}'"]
    lines += ["LOCATION", f"  '{storage.get('Location', '')}'"]
    shown = {k: v for k, v in (table.get("Parameters") or {}).items() if k not in _HIDDEN}
    return lines + (["TBLPROPERTIES (", *_properties(shown)] if shown else [])


def view_lines(table: Table) -> list[str]:
    if not is_view(table):
        raise QueryError("NOT_SUPPORTED", f"{table['Name']} is a table, use SHOW CREATE TABLE")
    name = f'"{table["DatabaseName"]}"."{table["Name"]}"'
    return [f"CREATE VIEW {name} AS ", *view_definition(table)["originalSql"].splitlines()]


def _columns(columns: list[Column]) -> list[str]:
    return _list([f"`{c['Name']}` {c.get('Type') or 'string'}{_comment(c)}" for c in columns])


def _comment(column: Column) -> str:
    return f" COMMENT '{column['Comment']}'" if column.get("Comment") else ""


def _properties(properties: dict[str, str]) -> list[str]:
    return _list([f"'{name}'='{value}'" for name, value in sorted(properties.items())])


def _list(items: list[str]) -> list[str]:
    return [f"  {item}, " for item in items[:-1]] + [f"  {items[-1]})"]
