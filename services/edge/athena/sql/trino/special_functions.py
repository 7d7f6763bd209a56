"""Functions whose arguments have one type together, or that are another syntax's other name."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from services.edge.athena.sql.duckdb.formatted_texts import kinds_of
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import cast, coerced
from services.edge.athena.sql.trino.operators import compared, unified
from services.edge.athena.sql.trino.scope import Context
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import duckdb_zone


def function_name(node: exp.Anonymous) -> str:
    return (node.this.name if isinstance(node.this, exp.Expr) else str(node.this)).lower()


def row(values: list[Typed]) -> Typed:
    kind = Type("row", of=tuple(v.type for v in values), fields=("",) * len(values))
    named = zip(t.row_fields(kind), values, strict=True)
    packed = ", ".join(f"{t.quoted(name)} := {value.sql}" for name, value in named)
    return Typed(f"struct_pack({packed})", kind)


def arguments(
    node: exp.Anonymous, context: Context, least: int, most: int | None = None
) -> list[exp.Expr]:
    found = list(node.expressions)
    if not least <= len(found) <= (most or len(found)):
        raise QueryError(
            "FUNCTION_NOT_FOUND",
            f"Unexpected parameters for function {node.this}: expected {least}"
            f"{'' if most == least else ' or more'}, found {len(found)}",
            context.place(node),
        )
    return found


def _compiled(
    node: exp.Anonymous, context: Context, least: int, most: int | None = None
) -> list[Typed]:
    return [context.compile(argument) for argument in arguments(node, context, least, most)]


def _typeof(node: exp.Anonymous, context: Context) -> Typed:
    [inner] = arguments(node, context, 1, 1)
    if isinstance(inner, exp.Anonymous) and function_name(inner) in _LENGTH_UNKNOWN:
        raise context.refuse(f"typeof of {function_name(inner)}", node)
    return Typed(text(str(context.compile(inner).type)), t.VARCHAR)


# Trino works out how long their texts can become.
_LENGTH_UNKNOWN = (
    *("replace", "regexp_replace", "regexp_split", "regexp_extract_all", "split", "to_iso8601"),
    *("url_encode", "url_decode", "url_extract_host", "url_extract_path", "url_extract_query"),
    *("url_extract_fragment", "url_extract_parameter", "url_extract_protocol", "current_timezone"),
    *("json_extract_scalar", "array_join", "substring", "trim", "ltrim", "rtrim", "format"),
)


def _coalesce(node: exp.Anonymous, context: Context) -> Typed:
    values = unified(_compiled(node, context, 2), "All COALESCE operands", context.place(node))
    return Typed(f"coalesce({', '.join(v.sql for v in values)})", values[0].type)


def _nullif(node: exp.Anonymous, context: Context) -> Typed:
    first, second = _compiled(node, context, 2, 2)
    same = compared("=", first, second, context.place(node))
    return Typed(f"CASE WHEN {same.sql} THEN NULL ELSE {first.sql} END", first.type)


def _extreme(node: exp.Anonymous, context: Context) -> Typed:
    """greatest and least are NULL where one argument is."""
    values = unified(_compiled(node, context, 1), "All arguments", context.place(node))
    nulls = " OR ".join(f"{v.sql} IS NULL" for v in values)
    if values[0].type.of:
        raise context.refuse(f"{function_name(node)} of {values[0].type}", node)
    if values[0].type.name in t.FLOATS:  # NaN loses, as long as there is another
        real = ", ".join(f"nullif({v.sql}, 'NaN')" for v in values)
        found = f"coalesce({function_name(node)}({real}), {values[0].sql})"
    else:
        found = f"{function_name(node)}({', '.join(v.sql for v in values)})"
    return Typed(f"CASE WHEN {nulls} THEN NULL ELSE {found} END", values[0].type)


def _try(node: exp.Anonymous, context: Context) -> Typed:
    [value] = _compiled(node, context, 1, 1)
    return Typed(f"TRY({value.sql})", value.type)


def _mod(node: exp.Anonymous, context: Context) -> Typed:
    left, right = arguments(node, context, 2, 2)
    return context.compile(exp.Mod(this=left, expression=right))


def _at_timezone(node: exp.Anonymous, context: Context) -> Typed:
    value, zone = arguments(node, context, 2, 2)
    return context.compile(exp.AtTimeZone(this=value, zone=zone))


def _if(node: exp.Anonymous, context: Context) -> Typed:
    parts = dict(zip(("this", "true", "false"), arguments(node, context, 2, 3), strict=False))
    return context.compile(exp.If(**parts))


_FORMS = ("nfc", "nfd", "nfkc", "nfkd")


def _normalize(node: exp.Anonymous, context: Context) -> Typed:
    """The form is a word, no text."""
    value, *forms = arguments(node, context, 1, 2)
    words = [form.name.lower() for form in forms if isinstance(form, exp.Column) and not form.table]
    if len(words) != len(forms) or not set(words) <= set(_FORMS):
        raise context.refuse("A form of normalize other than NFC, NFD, NFKC and NFKD", node)
    found = coerced(context.compile(value), t.VARCHAR, context.place(node))
    form = words[0].upper() if words else "NFC"
    return Typed(f"trino_normalize({found.sql}, {text(form)})", t.VARCHAR)


def _format(node: exp.Anonymous, context: Context) -> Typed:
    """The values are given as texts, with the names of their types."""
    pattern, *values = _compiled(node, context, 2)
    pattern = coerced(pattern, t.VARCHAR, context.place(node))
    texts = [
        value if value.type in (t.UNKNOWN, t.JSON) else cast(value, t.VARCHAR, context.place(node))
        for value in values
    ]
    kinds = text(kinds_of(value.type.name for value in values))
    written = ", ".join(f"CAST({value.sql} AS VARCHAR)" for value in texts)
    return Typed(f"trino_format({pattern.sql}, {kinds}, [{written}])", t.VARCHAR)


def _shuffle(node: exp.Anonymous, context: Context) -> Typed:
    [value] = _compiled(node, context, 1, 1)
    if value.type.name != "array":
        raise QueryError(
            "FUNCTION_NOT_FOUND",
            f"Unexpected parameters ({value.type}) for function shuffle",
            context.place(node),
        )
    pairs = f"list_transform({value.sql}, lambda e: struct_pack(r := random(), v := e))"
    return Typed(f"list_transform(list_sort({pairs}), lambda p: p.v)", value.type)


def _now(node: exp.Anonymous, context: Context) -> Typed:
    """current_timestamp, localtimestamp and localtime with a precision."""
    [digits] = arguments(node, context, 1, 1)
    if not isinstance(digits, exp.Literal) or not digits.name.isdecimal() or int(digits.name) > 6:
        raise context.refuse(f"A precision of {function_name(node)} other than 0 to 6", node)
    step = 10 ** (6 - int(digits.name))
    clock = f"make_timestamp(trino_floor(epoch_us(timezone('UTC', now())), {step}))"
    name, args = function_name(node), (int(digits.name),)
    if name == "localtime":
        return Typed(f"CAST({clock} AS TIME)", Type("time", args))
    if name == "localtimestamp":
        return Typed(clock, Type("timestamp", args))
    return Typed(f"timezone('UTC', {clock})", Type(t.TZ, args))


def _from_unixtime(node: exp.Anonymous, context: Context) -> Typed:
    """With the hours and minutes of an offset from UTC."""
    value, *offset = arguments(node, context, 3, 3)
    parts = [_whole(part) for part in offset]
    if None in parts:
        raise context.refuse("An offset of from_unixtime that is not a literal", node)
    minutes = (parts[0] or 0) * 60 + (parts[1] or 0)
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    if size > 14 * 60:
        told = f"Invalid offset minutes {minutes}"
        raise QueryError("INVALID_FUNCTION_ARGUMENT", told, context.place(node))
    seconds = coerced(context.compile(value), t.DOUBLE, context.place(node))
    zone = duckdb_zone(f"{sign}{size // 60:02d}:{size % 60:02d}")
    return Typed(f"trino_unixtime({seconds.sql})", Type(t.TZ, (3,), zone=zone))


def _whole(node: exp.Expr) -> int | None:
    inner = node.this if isinstance(node, exp.Neg) else node
    if not isinstance(inner, exp.Literal) or not inner.name.isdecimal():
        return None
    return -int(inner.name) if inner is not node else int(inner.name)


# Of functions whose other forms are in the tables: by the number of arguments.
BY_COUNT: dict[tuple[str, int], Callable[[exp.Anonymous, Context], Typed]] = {
    ("from_unixtime", 3): _from_unixtime,
}
SPECIAL: dict[str, Callable[[exp.Anonymous, Context], Typed]] = {
    "coalesce": _coalesce,
    "nullif": _nullif,
    "greatest": _extreme,
    "least": _extreme,
    "try": _try,
    "mod": _mod,
    "if": _if,
    "at_timezone": _at_timezone,
    "typeof": _typeof,
    "normalize": _normalize,
    **dict.fromkeys(("current_timestamp", "localtimestamp", "localtime"), _now),
    "format": _format,
    "shuffle": _shuffle,
    "row": lambda node, context: row(_compiled(node, context, 1)),
}
