"""A column of a result as GetQueryResults describes it."""

from __future__ import annotations

from typing import TypedDict

from services.edge.athena.sql.trino.types import INTEGERS, TZ, Type, is_text

# Precision of each type in GetQueryResults' ColumnInfo; Athena calls real float.
_PRECISIONS = {
    **INTEGERS,
    **{"real": 17, "double": 17, "varchar": 2147483647, "varbinary": 1073741824},
    **{"timestamp": 3, TZ: 3, "json": 2147483647},
}


class ColumnInfo(TypedDict):
    CatalogName: str
    SchemaName: str
    TableName: str
    Name: str
    Label: str
    Type: str
    Precision: int
    Scale: int
    Nullable: str
    CaseSensitive: bool


def column_info(name: str, type: Type) -> ColumnInfo:
    precision = _PRECISIONS.get(type.name, 0)
    if type.name in ("decimal", "char"):
        precision = type.args[0]
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": "float" if type.name == "real" else type.name,
        "Precision": precision,
        "Scale": type.args[1] if type.name == "decimal" else 0,
        "Nullable": "UNKNOWN",
        "CaseSensitive": is_text(type),
    }
