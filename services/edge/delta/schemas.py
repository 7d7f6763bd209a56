"""A Delta log's schema: its columns as Glue and Hive write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# https://github.com/delta-io/delta/blob/master/PROTOCOL.md#primitive-types
# and https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables-supported-types-columns.html
HIVE_NAMES = {
    "string": "string",
    "long": "bigint",
    "integer": "int",
    "short": "smallint",
    "byte": "tinyint",
    "float": "float",
    "double": "double",
    "boolean": "boolean",
    "binary": "binary",
    "date": "date",
    "timestamp": "timestamp",
    "timestamp_ntz": "timestamp",
}
DECIMAL = re.compile(r"decimal\(\d+,\s*\d+\)")


@dataclass(frozen=True)
class Column:
    """A column by its name in the log, with its type as Glue and Hive write it."""

    name: str
    type: str
    comment: str | None = None


def columns(schema: dict[str, Any]) -> tuple[Column, ...]:
    """The columns of a schema as the log has it; raises ValueError for a type Glue has not."""
    return tuple(
        Column(
            field["name"], hive_type(field["type"]), (field.get("metadata") or {}).get("comment")
        )
        for field in schema["fields"]
    )


def hive_type(kind: str | dict[str, Any]) -> str:
    """Glue's name of a Delta type: `long` is bigint, `{"type": "array", …}` is array<…>."""
    if isinstance(kind, str):
        if DECIMAL.fullmatch(kind):
            return kind.replace(" ", "")
        if kind not in HIVE_NAMES:
            raise ValueError(f"Expected a Delta type that Glue has, found {kind!r}.")
        return HIVE_NAMES[kind]
    if kind["type"] == "array":
        return f"array<{hive_type(kind['elementType'])}>"
    if kind["type"] == "map":
        return f"map<{hive_type(kind['keyType'])},{hive_type(kind['valueType'])}>"
    if kind["type"] == "struct":
        inner = ",".join(f"{field['name']}:{hive_type(field['type'])}" for field in kind["fields"])
        return f"struct<{inner}>"
    raise ValueError(f"Expected an array, map or struct, found {kind['type']!r}.")
