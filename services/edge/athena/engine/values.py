"""Values as Athena writes them in a result file: `71.59`, `1.0E7`, `[1, 2]`, `{a=1}`."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from services.edge.athena.sql.duckdb.java_texts import (
    address_text,
    days_text,
    double_text,
    months_text,
    real_text,
)
from services.edge.athena.sql.errors import FAR_DATES, not_supported
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.types import Type

Writer = Callable[[Any], str]


def values(column: Any) -> list[Any]:
    """An Arrow column as Python's values; raises QueryError for dates that Python has not."""
    try:
        found: list[Any] = column.to_pylist()
    except OverflowError as error:
        raise not_supported(FAR_DATES) from error
    return found


def writer(kind: Type) -> Writer:
    """How a value of the type, not NULL, is written."""
    if kind.name == "array":
        element = _nullable(writer(kind.of[0]))
        return lambda value: f"[{', '.join(element(item) for item in value)}]"
    if kind.name == "map":
        key, item = (_nullable(writer(one)) for one in kind.of)
        return lambda value: _map(value, kind.of[0], key, item)
    if kind.name == "row":
        return _row(kind)
    if kind.name == "timestamp":
        return lambda value: _time(value, kind.args[0])
    if kind.name == "time":
        return lambda value: _clock(value, kind.args[0])
    if kind.name == t.TZ:
        zone = ZoneInfo(kind.zone) if kind.zone[0] not in "+-" else None
        return lambda value: f"{_time(_local(value, zone, kind), kind.args[0])} {kind.zone}"
    return _WRITERS.get(kind.name, str)


def _map(value: list[tuple[Any, Any]], kind: Type, key: Writer, item: Writer) -> str:
    """In the order of a HashMap of Java's, as Trino writes it.

    https://docs.aws.amazon.com/athena/latest/ug/arrays-create-maps.html
    """
    hashed = _HASHES.get(kind.name)
    if hashed is not None:
        size = 16
        while len(value) > 0.75 * size:
            size *= 2
        value = sorted(value, key=lambda entry: _bucket(hashed(entry[0]), size))
    return f"{{{', '.join(f'{key(k)}={item(v)}' for k, v in value)}}}"


def _bucket(hashed: int, size: int) -> int:
    hashed &= 0xFFFFFFFF
    return (hashed ^ (hashed >> 16)) & (size - 1)


def _text_hash(value: str) -> int:
    units, found = value.encode("utf-16-be"), 0
    for high, low in zip(units[::2], units[1::2], strict=True):
        found = (31 * found + (high << 8) + low) & 0xFFFFFFFF
    return found


def _double_hash(value: float) -> int:
    bits = int.from_bytes(struct.pack(">d", value), "big")
    return bits ^ (bits >> 32)


def _long_hash(value: int) -> int:
    return value ^ (value >> 32)


_HASHES: dict[str, Callable[[Any], int]] = {
    **dict.fromkeys(("tinyint", "smallint", "integer"), int),
    "bigint": _long_hash,
    "varchar": _text_hash,
    "double": _double_hash,
    "boolean": lambda value: 1231 if value else 1237,
    "date": lambda value: int((value - date(1970, 1, 1)).days),
}


def _nullable(inner: Writer) -> Writer:
    return lambda value: "null" if value is None else inner(value)


def _row(kind: Type) -> Writer:
    fields = t.row_fields(kind)
    names = [name or f"field{index}" for index, name in enumerate(kind.fields)]
    writers = [_nullable(writer(inner)) for inner in kind.of]

    def written(value: dict[str, Any]) -> str:
        parts = zip(names, fields, writers, strict=True)
        return f"{{{', '.join(f'{n}={w(value[own])}' for n, own, w in parts)}}}"

    return written


def _time(value: datetime, digits: int) -> str:
    written = value.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
    return written[: 20 + digits] if digits else written[:19]


def _clock(value: time, digits: int) -> str:
    return f"{value:%H:%M:%S.%f}"[: 9 + digits if digits else 8]


def _local(value: datetime, zone: ZoneInfo | None, kind: Type) -> datetime:
    if zone is not None:
        return value.astimezone(zone)
    return value.astimezone(datetime.strptime(kind.zone, "%z").tzinfo)


def _interval(value: Any) -> str:
    return days_text(value.days * 86_400_000 + value.nanoseconds // 1_000_000)


def _months(value: Any) -> str:
    return months_text(value.months)


_WRITERS: dict[str, Writer] = {
    "boolean": lambda value: "true" if value else "false",
    "double": double_text,
    "real": real_text,
    "decimal": lambda value: format(value, "f"),
    "varbinary": lambda value: value.hex(" "),
    "varchar": lambda value: value,
    "ipaddress": address_text,
    "json": lambda value: value,
    t.DAY_TO_SECOND.name: _interval,
    t.YEAR_TO_MONTH.name: _months,
}
