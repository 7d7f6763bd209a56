"""Literals and written types: numbers, texts, dates, intervals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlglot import exp

from services.edge.athena.sql.errors import Position, QueryError, not_supported
from services.edge.athena.sql.trino import intervals
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import cast
from services.edge.athena.sql.trino.scope import Context, name_of
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import duckdb_zone, has_zone, is_timestamp, is_zone

_NAMES = {
    **{"int": "integer", "float": "real", "text": "varchar", "timestamptz": t.TZ},
    **{"struct": "row", "timestampntz": "timestamp"},
}
_SIMPLE = (
    *(*t.INTEGERS, *t.FLOATS, "boolean", "date", "json", "varbinary", "varchar", "char"),
    *("decimal", "timestamp", t.TZ, "array", "map", "row", "time", "uuid", "ipaddress"),
)
# Types that Trino has, and this has not.
_UNAVAILABLE = ("timetz", "hllsketch", "hyperloglog", "qdigest", "tdigest", "interval", "geometry")


def name_of_type(written: exp.DataType) -> str:
    name = written.this.value.lower() if hasattr(written.this, "value") else str(written.this)
    return _NAMES.get(name, name)


def type_of(written: exp.DataType, context: Context) -> Type:
    """The type that CAST names."""
    name = name_of_type(written)
    if name not in _SIMPLE:
        raise _unknown_type(written, context)
    inner = [part for part in written.expressions if not isinstance(part, exp.DataTypeParam)]
    if inner:
        return _container(name, inner, context)
    args = [int(part.this.name) for part in written.expressions]
    if name in ("timestamp", t.TZ, "time"):
        return Type(name, (_precision(args[0] if args else 3, context.place(written)),))
    if name == "decimal":
        return Type(name, (*args, *(38, 0)[len(args) :])[:2] if args else (38, 0))
    if name == "char":
        return Type(name, tuple(args) or (1,))
    return Type(name, tuple(args))


def _unknown_type(written: exp.DataType, context: Context) -> QueryError:
    shown, place = written.sql("trino"), context.place(written)
    if name_of_type(written).partition(" ")[0] in _UNAVAILABLE:
        return not_supported(f"The type {shown}", place)
    return QueryError("TYPE_NOT_FOUND", f"Unknown type: {shown}", place)


def _container(name: str, inner: list[exp.Expr], context: Context) -> Type:
    if name != "row":
        return Type(name, of=tuple(type_of(shape, context) for shape in inner))  # type: ignore[arg-type]
    kinds, fields = [], []
    for shape in inner:
        is_named = isinstance(shape, exp.ColumnDef)
        fields.append(name_of(shape.this) if is_named else "")
        kinds.append(type_of(shape.args["kind"] if is_named else shape, context))  # type: ignore[arg-type]
    return Type(name, of=tuple(kinds), fields=tuple(fields))


def _precision(digits: int, place: Position | None) -> int:
    if digits > 6:
        raise not_supported(f"timestamp({digits}): more than 6 digits of a second", place)
    return digits


def is_literal(node: exp.Cast, context: Context) -> bool:
    """Whether it is `DECIMAL '1.50'`, which sqlglot reads as a CAST that says no precision."""
    inner = node.this
    if not isinstance(inner, exp.Literal) or not inner.is_string:
        return False
    start = inner.meta.get("start")
    if start is None:  # a parameter of the query, which is a literal always
        return True
    return bool(
        re.search(r"(?i)\b(decimal|timestamp|time|char)\s*$", context.environment.sql[:start])
    )


def of_word(node: exp.Cast, target: Type, context: Context) -> Typed:
    """A literal whose precision is as written: DECIMAL '…', TIMESTAMP '…', DATE '…'."""
    written, place = node.this.this.strip(), context.place(node)
    if target.name == "char":
        target = Type("char", (max(1, len(node.this.this)),))
        return cast(Typed(text(node.this.this), t.VARCHAR), target, place)
    if target.name == "decimal":
        whole, _, fraction = written.lstrip("+-").partition(".")
        significant = len((whole + fraction).lstrip("0")) or 1
        target = t.decimal(max(significant, len(fraction)), len(fraction))
    if target.name in ("timestamp", t.TZ, "time"):
        fraction_digits = re.search(r"\.(\d+)", written)
        digits = _precision(len(fraction_digits[1]) if fraction_digits else 0, place)
        if target.name != "time" and not is_timestamp(written):
            message = f"'{written}' is not a valid TIMESTAMP literal"
            raise QueryError("INVALID_LITERAL", message, place)
        if target.name == "time" and re.search(r"[+-]|\s", written):
            raise not_supported(f"TIME WITH TIME ZONE '{written}'", place)
        if target.name != "time":
            target = Type(t.TZ if has_zone(written) else "timestamp", (digits,))
        else:
            target = Type("time", (digits,))
    return cast(Typed(text(written), t.VARCHAR, written), target, place)


def shown_in(value: Typed, zone: str, place: Position | None) -> Typed:
    if not is_zone(zone):
        raise QueryError("INVALID_FUNCTION_ARGUMENT", f"'{zone}' is not a valid time zone", place)
    return value.as_type(replace(value.type, zone=duckdb_zone(zone)))


def _literal(node: exp.Literal, context: Context) -> Typed:
    written = node.this
    if node.is_string:
        return Typed(text(written), Type("varchar", (len(written),)), written)
    if re.fullmatch(r"\d+", written):
        return whole_number(int(written), context.place(node))
    # Trino reads 1.5 as a decimal; in Athena it is a double, and DECIMAL '1.5' the decimal:
    # https://docs.aws.amazon.com/athena/latest/ug/data-types-considerations.html
    if not re.fullmatch(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", written):
        raise context.refuse(f"The number {written}", node)
    return Typed(f"{text(written)}::DOUBLE", t.DOUBLE)


def whole_number(number: int, place: Position | None) -> Typed:
    if not -(2**63) <= number < 2**63:
        raise QueryError("INVALID_LITERAL", f"Invalid numeric literal: {number}", place)
    kind = t.INTEGER if -(2**31) <= number < 2**31 else t.BIGINT
    return Typed(f"CAST({number} AS {t.duckdb(kind)})", kind)


def _unicode(node: exp.UnicodeString, context: Context) -> Typed:
    escape = node.args.get("escape")
    sign = re.escape(escape.name if isinstance(escape, exp.Expr) else escape or "\\")
    found = re.sub(
        rf"{sign}(?:({sign})|\+([0-9a-fA-F]{{6}})|([0-9a-fA-F]{{4}})|)", _code_point, node.name
    )
    if "\x01\x02" in found:
        raise QueryError("INVALID_LITERAL", "Invalid escaped Unicode", context.place(node))
    return Typed(text(found), Type("varchar", (len(found),)), found)


def _code_point(found: re.Match[str]) -> str:
    sign, long, short = found.groups()
    if not (sign or long or short):
        return "\x01\x02"
    code = int(long or short or "0", 16)
    return sign or ("\x01\x02" if code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code))


def _json(node: exp.ParseJSON, context: Context) -> Typed:
    if not node.args.get("is_literal"):
        raise context.refuse(node.sql(dialect="trino"), node)
    try:
        json.loads(node.this.name)
    except ValueError as error:
        told = f"'{node.this.name}' is not a valid JSON literal"
        raise QueryError("INVALID_LITERAL", told, context.place(node)) from error
    return Typed(f"CAST(trino_json_parsed({text(node.this.name)}) AS JSON)", t.JSON)


def _interval(node: exp.Interval, context: Context) -> Typed:
    unit, value, place = node.args.get("unit"), node.this, context.place(node)
    sign = "-" if isinstance(value, exp.Neg) else ""
    text_node = value.this if sign else value
    first, last = (
        (unit.this.name, unit.expression.name)
        if isinstance(unit, exp.IntervalSpan)
        else (unit.name if unit is not None else "",) * 2
    )
    if not isinstance(text_node, exp.Literal) or not text_node.is_string:
        raise context.refuse(f"Interval {node.sql('trino')}", node)
    return intervals.literal(f"{sign}{text_node.name}", first.lower(), last.lower(), place)


def _hex(node: exp.HexString, context: Context) -> Typed:
    if len(node.name) % 2:
        told = "Binary literal must contain an even number of digits"
        raise QueryError("SYNTAX_ERROR", told, context.place(node))
    return Typed(f"unhex({text(node.name)})", t.VARBINARY)


def _constant(sql: str, kind: Type) -> Callable[[Any, Context], Typed]:
    return lambda _node, _context: Typed(sql, kind)


def _boolean(node: exp.Boolean, _: Context) -> Typed:
    return Typed("true" if node.this else "false", t.BOOLEAN)


def _localtime(node: exp.Localtime, context: Context) -> Typed:
    if node.this is not None:
        raise context.refuse("A precision of localtime", node)
    return Typed("CAST(timezone('UTC', trino_now()) AS TIME)", t.TIME)


def _fraction_digits(node: exp.CurrentTimestamp, context: Context) -> Typed:
    if node.this is not None and node.this.name != "3":
        raise context.refuse("A precision of current_timestamp other than 3", node)
    return Typed("trino_now()", t.TIMESTAMP_TZ)


RULES: dict[type, Callable[[Any, Context], Typed]] = {
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _constant("NULL", t.UNKNOWN),
    exp.Interval: _interval,
    exp.HexString: _hex,
    exp.UnicodeString: _unicode,
    exp.ParseJSON: _json,
    exp.Localtime: _localtime,
    exp.CurrentDate: _constant("CAST(timezone('UTC', now()) AS DATE)", t.DATE),
    exp.CurrentTimestamp: _fraction_digits,
    exp.Localtimestamp: _constant("timezone('UTC', trino_now())", t.TIMESTAMP),
}
