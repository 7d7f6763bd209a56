"""CAST and implicit coercions, with Trino's strictness where DuckDB is lenient."""

from __future__ import annotations

import re

from services.edge.athena.sql import types as t
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.syntax import Position
from services.edge.athena.sql.typed import Typed, text
from services.edge.athena.sql.types import Type

ZONE = re.compile(r"(?:[A-Z][A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*|UTC|Z|[+-]\d\d:\d\d)")
_TIMESTAMP_TEXT = re.compile(r"(\d{4}-\d\d?-\d\d?(?: \d\d?:\d\d(?::\d\d(?:\.\d+)?)?)?)\s*(\S+)?")
_AS_JSON = ("boolean", "tinyint", "smallint", "integer", "bigint", "double", "varchar", "json")


def coerced(value: Typed, target: Type, place: Position | None = None) -> Typed:
    """What Trino does by itself where another type is expected; raises TYPE_MISMATCH."""
    if value.type == target:
        return value
    if not coercible(value.type, target):
        raise QueryError("TYPE_MISMATCH", f"Cannot coerce {value.type} to {target}", place)
    if t.is_text(value.type) and t.is_text(target):
        return value.as_type(target)
    return cast(value, target, place)


def coercible(kind: Type, target: Type) -> bool:
    if t.is_text(kind) and target == t.VARCHAR:
        return True
    return t.common(kind, target) == target


def cast(value: Typed, target: Type, place: Position | None = None) -> Typed:
    """CAST(value AS target); what is refused at run time has Trino's error in `error()`."""
    source = value.type
    if source == t.UNKNOWN:
        return Typed(f"CAST({value.sql} AS {t.duckdb(target)})", target)
    if target == t.JSON:
        return _to_json(value, place)
    rule = _FROM_TEXT if t.is_text(source) else _RULES.get(source.name)
    sql = rule(value, target) if rule else None
    if sql is None:
        raise QueryError("TYPE_MISMATCH", f"Cannot cast {source} to {target}", place)
    zone = _zone_of_text(value) if t.is_text(source) and target.name == t.TZ else t.UTC
    if source.name == target.name == t.TZ:
        zone = source.zone
    return Typed(sql, Type(target.name, target.args, target.of, target.fields, zone))


def local(value: Typed) -> str:
    """The clock time that a timestamp with time zone shows, as DuckDB's TIMESTAMP."""
    if value.type.name != t.TZ:
        return value.sql
    return f"timezone({text(value.type.zone)}, {value.sql})"


def rounded(sql: str, precision: int) -> str:
    """A TIMESTAMP with so many digits of a second."""
    return f"trino_round_time({sql}, {10 ** (6 - precision)})" if precision < 6 else sql


def _from_text(value: Typed, target: Type) -> str | None:
    sql, name = value.sql, target.name
    if t.is_text(target):
        return f"left({sql}, {target.args[0]})" if target.args else sql
    if name in t.INTEGERS:
        return f"CAST(trino_integer_text({sql}, {text(name)}) AS {t.duckdb(target)})"
    if name in (*t.FLOATS, "decimal"):
        return f"CAST(trino_number_text({sql}, {text(str(target))}) AS {t.duckdb(target)})"
    if name == "timestamp":
        checked = f"CAST(trino_timestamp_text({sql}) AS TIMESTAMP)"
        return rounded(checked, target.args[0])
    if name == t.TZ and value.literal is not None:
        return _zoned_literal(value.literal)
    if name in ("date", "boolean"):
        return f"CAST(trino_{name}_text({sql}) AS {name.upper()})"
    return None


def _zoned_literal(written: str) -> str | None:
    found = _TIMESTAMP_TEXT.fullmatch(written.strip())
    if found is None:
        return None
    zone = found[2] or t.UTC
    if not ZONE.fullmatch(zone):
        return None
    return f"timezone({text(duckdb_zone(zone))}, CAST({text(found[1])} AS TIMESTAMP))"


def _zone_of_text(value: Typed) -> str:
    found = _TIMESTAMP_TEXT.fullmatch((value.literal or "").strip())
    return duckdb_zone(found[2]) if found and found[2] else t.UTC


def duckdb_zone(zone: str) -> str:
    return t.UTC if zone in ("Z", "+00:00", "-00:00", "Etc/UTC") else zone


def _from_number(value: Typed, target: Type) -> str | None:
    sql, source = value.sql, value.type
    if t.is_text(target):
        written = f"CAST({sql} AS VARCHAR)"
        if source.name in t.FLOATS:
            written = f"trino_{source.name}_text({sql})"
        return f"left({written}, {target.args[0]})" if target.args else written
    if target.name in t.INTEGERS and source.name in t.FLOATS:
        return f"CAST(round({sql}) AS {t.duckdb(target)})"  # DuckDB rounds halves to even
    if t.is_numeric(target) or target == t.BOOLEAN:
        return f"CAST({sql} AS {t.duckdb(target)})"
    return None


def _from_boolean(value: Typed, target: Type) -> str | None:
    if t.is_numeric(target) or t.is_text(target) or target == t.BOOLEAN:
        return f"CAST({value.sql} AS {t.duckdb(target)})"
    return None


def _from_time(value: Typed, target: Type) -> str | None:
    """From date, timestamp, or timestamp with time zone."""
    clock = local(value)
    if t.is_text(target):
        return time_text(value)
    if target == t.DATE:
        return f"CAST({clock} AS DATE)"
    if target.name == "timestamp":
        finer = value.type.args and value.type.args[0] > target.args[0]
        return rounded(clock, target.args[0]) if finer else f"CAST({clock} AS TIMESTAMP)"
    if target.name == t.TZ:
        if value.type.name == t.TZ:
            return value.sql
        return f"timezone('UTC', CAST({clock} AS TIMESTAMP))"
    return None


def time_text(value: Typed) -> str:
    if value.type == t.DATE:
        return f"CAST({value.sql} AS VARCHAR)"
    digits = value.type.args[0]
    written = f"strftime({local(value)}, '%Y-%m-%d %H:%M:%S{'.%f' if digits else ''}')"
    if 0 < digits < 6:
        written = f"left({written}, {20 + digits})"
    return f"{written} || ' {value.type.zone}'" if value.type.name == t.TZ else written


def _from_json(value: Typed, target: Type) -> str | None:
    if t.is_text(target):
        return f"trino_json_text({value.sql})"
    if target.name in (*t.INTEGERS, *t.FLOATS, "boolean"):
        return f"CAST(trino_json_text({value.sql}) AS {t.duckdb(target)})"
    if target.of and all(one.name in _AS_JSON for one in target.of):
        return f"CAST({value.sql} AS {t.duckdb(target)})"
    return None


def _to_json(value: Typed, place: Position | None) -> Typed:
    if not all(_has_json(kind) for kind in (value.type, *value.type.of)):
        raise QueryError("TYPE_MISMATCH", f"Cannot cast {value.type} to json", place)
    return Typed(f"CAST(to_json({value.sql}) AS JSON)", t.JSON)


def _has_json(kind: Type) -> bool:
    if kind.name == "map":
        return t.is_text(kind.of[0])
    return kind.name in (*_AS_JSON, "array", "unknown")


def _from_container(value: Typed, target: Type) -> str | None:
    source = value.type
    if source.name != target.name or len(source.of) != len(target.of):
        return None
    if source.name == "array":
        element = cast(Typed("element", source.of[0]), target.of[0]).sql
        return f"list_transform({value.sql}, lambda element: {element})"
    if source.name == "row":
        return _row_to_row(value, target)
    return f"CAST({value.sql} AS {t.duckdb(target)})" if _widens(source, target) else None


def _row_to_row(value: Typed, target: Type) -> str:
    parts = []
    names = zip(t.row_fields(value.type), t.row_fields(target), strict=True)
    for (old, new), kind, wanted in zip(names, value.type.of, target.of, strict=True):
        part = Typed(f"struct_extract({value.sql}, {text(old)})", kind)
        parts.append(f"{t.quoted(new)} := {cast(part, wanted).sql}")
    return f"CASE WHEN {value.sql} IS NOT NULL THEN struct_pack({', '.join(parts)}) END"


def _widens(source: Type, target: Type) -> bool:
    return all(coercible(a, b) for a, b in zip(source.of, target.of, strict=True))


def _same(value: Typed, target: Type) -> str | None:
    return value.sql if value.type.name == target.name else None


_FROM_TEXT = _from_text
_RULES = {
    **dict.fromkeys((*t.INTEGERS, *t.FLOATS, "decimal"), _from_number),
    **dict.fromkeys(("date", "timestamp", t.TZ), _from_time),
    **dict.fromkeys(("array", "map", "row"), _from_container),
    **dict.fromkeys(("varbinary", "time", t.DAY_TO_SECOND.name, t.YEAR_TO_MONTH.name), _same),
    "boolean": _from_boolean,
    "json": _from_json,
}
