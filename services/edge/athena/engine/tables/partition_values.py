"""Values of partitions, which are texts in catalogs and logs, in the type of their column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def scalar(column: Column, text: str | None) -> Any:
    """Arrow's scalar of the column's type; None is NULL."""
    kind = arrow(column.type)
    if text is None:
        return pa.scalar(None, kind)
    try:
        return pa.scalar(_value(column.type, text), kind)
    except (ValueError, OverflowError, InvalidOperation, pa.ArrowException) as error:
        message = f"Partition value '{text}' of {column.name} is no {column.type}"
        raise QueryError("HIVE_INVALID_PARTITION_VALUE", message) from error


def _value(kind: t.Type, text: str) -> Any:
    if kind.name in t.INTEGERS:
        return int(text) if "_" not in text else _no(text)
    if kind.name in t.FLOATS:
        return float(text) if "_" not in text else _no(text)
    if kind.name == "boolean":
        return {"true": True, "false": False}[text.lower()] if _is_boolean(text) else _no(text)
    if kind.name == "decimal":
        return Decimal(text).quantize(Decimal(1).scaleb(-kind.args[1]))
    if kind.name == "date":
        return date.fromisoformat(text[:10])
    if kind.name == "timestamp":
        return datetime.fromisoformat(text).replace(tzinfo=None)
    if kind.name == t.TZ:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    if kind.name == "varbinary":
        return text.encode()
    return text


def _is_boolean(text: str) -> bool:
    return text.lower() in ("true", "false")


def _no(text: str) -> Any:
    raise ValueError(text)


# What Hive escapes in the name of a partition's folder.
_ESCAPED = re.compile(r"[\x00-\x1f\x7f\"#%'*/:=?\\{\[\]^]")


def folder(keys: Iterable[str], values: Iterable[str]) -> str:
    """A partition's folder below its table's: `day=1/name=a%2Fb`."""
    return "/".join(f"{key}={_escaped(text)}" for key, text in zip(keys, values, strict=True))


def _escaped(value: str) -> str:
    """No text at all is Hive's name for NULL."""
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", value) or HIVE_NULL
