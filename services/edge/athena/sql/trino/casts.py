"""CAST and implicit coercions, with Trino's strictness where DuckDB is lenient."""

from __future__ import annotations

from services.edge.athena.sql.errors import Position, QueryError, not_supported
from services.edge.athena.sql.trino import clock_texts, json_casts
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import local, zone_of_text, zoned_literal


def coerced(value: Typed, target: Type, place: Position | None = None) -> Typed:
    """What Trino does by itself where another type is expected; raises TYPE_MISMATCH."""
    if value.type == target:
        return value
    if not coercible(value.type, target):
        raise QueryError("TYPE_MISMATCH", f"Cannot coerce {value.type} to {target}", place)
    if t.is_text(value.type) and t.is_text(target):
        if target.name == "char" and target.args[0] < t.MOST_CHARACTERS:
            return Typed(_text_to_text(value.sql, target), target)
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
        return Typed(json_casts.written(value, place), t.JSON)
    if source == t.JSON and target.name in ("date", "timestamp"):  # only within ARRAY, MAP, ROW
        raise QueryError("TYPE_MISMATCH", f"Cannot cast json to {target}", place)
    if source == t.JSON and not t.is_text(target):
        return Typed(json_casts.read(value.sql, target, place), target)
    if target.name == "char" and not t.is_text(source):
        raise QueryError("TYPE_MISMATCH", f"Cannot cast {source} to {target}", place)
    rule = _FROM_TEXT if t.is_text(source) else _RULES.get(source.name)
    sql = rule(value, target) if rule else None
    if sql is None and t.is_text(source) and target.name == t.TZ:
        raise not_supported(f"CAST to {target} of a text that is not a literal", place)
    if sql is None:
        raise QueryError("TYPE_MISMATCH", f"Cannot cast {source} to {target}", place)
    zone = zone_of_text(value) if t.is_text(source) and target.name == t.TZ else t.UTC
    if source.name == target.name == t.TZ:
        zone = source.zone
    return Typed(sql, Type(target.name, target.args, target.of, target.fields, zone))


def rounded(sql: str, precision: int) -> str:
    """A TIMESTAMP with so many digits of a second."""
    return f"trino_round_time({sql}, {10 ** (6 - precision)})" if precision < 6 else sql


def _from_text(value: Typed, target: Type) -> str | None:
    sql, name = value.sql, target.name
    if t.is_text(target):
        return _text_to_text(sql, target)
    if name == "varbinary":
        return f"encode({sql})"
    if name in ("uuid", "ipaddress", "time"):
        checked = f"CAST(trino_{name}_text({sql}) AS {name.upper()})"
        if name == "time":
            return _rounded_time(checked, 6, target)
        return f"trino_ipaddress({sql})" if name == "ipaddress" else checked
    if name in t.INTEGERS:
        return f"CAST(trino_integer_text({sql}, {text(name)}) AS {t.duckdb(target)})"
    if name in (*t.FLOATS, "decimal"):
        return f"CAST(trino_number_text({sql}, {text(str(target))}) AS {t.duckdb(target)})"
    if name == "timestamp":
        checked = f"CAST(trino_timestamp_text({sql}) AS TIMESTAMP)"
        return rounded(checked, target.args[0])
    if name == t.TZ and value.literal is not None:
        return zoned_literal(value.literal)
    if name in ("date", "boolean"):
        return f"CAST(trino_{name}_text({sql}) AS {name.upper()})"
    return None


def _text_to_text(sql: str, target: Type) -> str:
    """Cut where it is longer; a char has spaces up to its length."""
    if target.name == "char":
        return f"rpad({sql}, {target.args[0]}, ' ')"
    return f"left({sql}, {target.args[0]})" if target.args else sql


def _rounded_time(sql: str, finer: int, target: Type) -> str:
    return sql if finer <= target.args[0] else f"trino_round_clock({sql}, {target.args[0]})"


def _from_number(value: Typed, target: Type) -> str | None:
    sql, source = value.sql, value.type
    if t.is_text(target):
        special = source.name in (*t.FLOATS, "decimal")
        return fitted(f"trino_{source.name}_cast({sql})" if special else _plain(sql), target)
    if target.name == "decimal" and source.name in t.FLOATS:
        return f"CAST(trino_{source.name}_digits({sql}) AS {t.duckdb(target)})"
    if target == t.REAL and source == t.DOUBLE:
        return f"trino_real({sql})"
    if target.name in t.INTEGERS and source.name in t.FLOATS:
        return f"CAST(round({sql}) AS {t.duckdb(target)})"  # DuckDB rounds halves to even
    if t.is_numeric(target) or target == t.BOOLEAN:
        return f"CAST({sql} AS {t.duckdb(target)})"
    return None


def _plain(sql: str) -> str:
    return f"CAST({sql} AS VARCHAR)"


def fitted(written: str, target: Type) -> str:
    """A text that is cut nowhere: where it is too long for varchar(n), the cast fails."""
    return f"trino_fitted({written}, {target.args[0]})" if target.args else written


def _from_boolean(value: Typed, target: Type) -> str | None:
    if t.is_text(target):
        return fitted(_plain(value.sql), target)
    if t.is_numeric(target) or t.is_text(target) or target == t.BOOLEAN:
        return f"CAST({value.sql} AS {t.duckdb(target)})"
    return None


def _from_time(value: Typed, target: Type) -> str | None:
    """From date, timestamp, or timestamp with time zone."""
    clock = local(value)
    if t.is_text(target):
        return fitted(time_text(value), target)
    if target.name == "time" and value.type != t.DATE:
        return _rounded_time(f"CAST({clock} AS TIME)", value.type.args[0], target)
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
    written = clock_texts.shown(value)
    return f"({written} || ' {value.type.zone}')" if value.type.name == t.TZ else written


def _from_clock(value: Typed, target: Type) -> str | None:
    """From time."""
    if t.is_text(target):
        digits = value.type.args[0]
        long = f"left(strftime(DATE '2000-01-01' + {value.sql}, '%H:%M:%S.%f'), {9 + digits})"
        return fitted(long if digits else f"left({long}, 8)", target)
    if target.name == "time":
        return _rounded_time(value.sql, value.type.args[0], target)
    if target.name in ("timestamp", t.TZ):  # of today
        clock = f"(CAST(timezone('UTC', now()) AS DATE) + {value.sql})"
        if target.name == t.TZ:
            return f"timezone('UTC', {clock})"
        return rounded(clock, target.args[0]) if value.type.args > target.args else clock
    return None


def _from_bytes(value: Typed, target: Type) -> str | None:
    """From varbinary, uuid and ipaddress."""
    source, name = value.type.name, target.name
    if name == source:
        return value.sql
    if target == t.VARCHAR and source != "varbinary":
        shown = (
            f"trino_ipaddress_shown({value.sql})" if source == "ipaddress" else _plain(value.sql)
        )
        return fitted(shown, target)
    return {
        ("varbinary", "uuid"): f"trino_uuid_of({value.sql})::UUID",
        ("uuid", "varbinary"): f"unhex(replace(CAST({value.sql} AS VARCHAR), '-', ''))",
        ("varbinary", "ipaddress"): f"trino_ipaddress_of({value.sql})",
        ("ipaddress", "varbinary"): value.sql,
    }.get((source, name))


def _from_interval(value: Typed, target: Type) -> str | None:
    if t.is_text(target):
        kind = "days" if value.type == t.DAY_TO_SECOND else "months"
        return fitted(f"trino_{kind}_text({value.sql})", target)
    return _same(value, target)


def _from_container(value: Typed, target: Type) -> str | None:
    source = value.type
    if source.name != target.name or len(source.of) != len(target.of):
        return None
    if source.name == "array":
        element = cast(Typed("element", source.of[0]), target.of[0]).sql
        return f"list_transform({value.sql}, lambda element: {element})"
    if source.name == "row":
        return _row_to_row(value, target)
    if _widens(source, target):
        return f"CAST({value.sql} AS {t.duckdb(target)})"
    return _map_to_map(value, target)


def _map_to_map(value: Typed, target: Type) -> str:
    """Keys that become the same fail."""
    key, item = (
        cast(Typed(f"entry.{name}", kind), wanted).sql
        for name, kind, wanted in zip("kv", value.type.of, target.of, strict=True)
    )
    entries = f"trino_entries({value.sql})"
    return (
        f"trino_map_of(list_transform({entries}, lambda entry: struct_pack(k := {key}, v :="
        f" {item})))"
    )


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
    **dict.fromkeys(("varbinary", "uuid", "ipaddress"), _from_bytes),
    **dict.fromkeys((t.DAY_TO_SECOND.name, t.YEAR_TO_MONTH.name), _from_interval),
    "time": _from_clock,
    "boolean": _from_boolean,
    "json": lambda value, target: fitted(f"trino_json_text({value.sql})", target),
}
