"""Trino's comparisons of what DuckDB compares otherwise: rows, arrays, maps, NaN.

In Trino a NULL within a row, an array or a map leaves an equality unknown, unless something else
differs; in DuckDB it equals another NULL. NaN equals nothing in Trino, and itself in DuckDB.
"""

from __future__ import annotations

import re
from itertools import count

from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type

_NUMBER = re.compile(r"[-(]*('[\d.eE+-]+'::DOUBLE|CAST\(\(?CAST\(-?\d+ AS \w+\)\)? AS DOUBLE\))\)*")
_names = count()


def is_special(kind: Type) -> bool:
    return kind.name in t.FLOATS or bool(kind.of)


def written(sign: str, left: Typed, right: Typed) -> str:
    """`left sign right`, both of one type."""
    kind = left.type
    if kind.name == "char":  # spaces at its end do not count
        return f"(rtrim({left.sql}, ' ') {sign} rtrim({right.sql}, ' '))"
    if "DISTINCT" in sign or not is_special(kind):
        return f"({left.sql} {sign} {right.sql})"
    if kind.name in t.FLOATS:
        return _floats(sign, left.sql, right.sql)
    if sign == "=":
        return _bound(left, right)
    if sign == "<>":
        return f"(NOT {_bound(left, right)})"
    what = f"fail('NOT_SUPPORTED: {kind.name.upper()} comparison not supported for"
    nulls = {"row": "fields with null elements", "array": "arrays with null elements"}[kind.name]
    test = f"({left.sql} {sign} {right.sql})"
    known = " OR ".join(_has_null(Typed(side.sql, kind), False) for side in (left, right))
    return f"CASE WHEN {known} THEN {what} {nulls}') ELSE {test} END"


def _floats(sign: str, a: str, b: str) -> str:
    plain = f"({a} {sign} {b})"
    if _NUMBER.fullmatch(b):
        return f"({plain} AND NOT isnan({a}))" if sign in (">", ">=") else plain
    if _NUMBER.fullmatch(a):
        return f"({plain} AND NOT isnan({b}))" if sign in ("<", "<=") else plain
    guard = {
        **{"=": f"isnan({a}) AND isnan({b})", "<>": f"isnan({a}) AND isnan({b})"},
        **dict.fromkeys(("<", "<="), f"isnan({b}) AND {a} = {a}"),
        **dict.fromkeys((">", ">="), f"isnan({a}) AND {b} = {b}"),
    }[sign]
    if sign == "<>":
        return f"({plain} OR ({guard}))"
    return f"({plain} AND NOT ({guard}))"


def _bound(left: Typed, right: Typed) -> str:
    """Each side is computed once, though its parts are looked at one by one."""
    name = f"p{next(_names)}"
    inner = _equal(f"{name}.l", f"{name}.r", left.type)
    pair = f"struct_pack(l := {left.sql}, r := {right.sql})"
    return f"list_transform([{pair}], lambda {name}: {inner})[1]"


def _equal(a: str, b: str, kind: Type) -> str:
    if kind.name == "row":
        parts = [
            _equal(f"struct_extract({a}, {text(n)})", f"struct_extract({b}, {text(n)})", of)
            for n, of in zip(t.row_fields(kind), kind.of, strict=True)
        ]
        return f"CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN ({' AND '.join(parts)}) END"
    if kind.name == "array":
        return _equal_lists(a, b, kind.of[0])
    if kind.name == "map":
        name = f"k{next(_names)}"
        own, other = (f"map_extract_value({side}, {name})" for side in (a, b))
        same = _equal(own, other, kind.of[1])
        shared = f"list_contains(map_keys({b}), {name})"
        tests = f"list_transform(map_keys({a}), lambda {name}: {shared} AND {same})"
        return _all(f"cardinality({a}) = cardinality({b})", tests, a, b)
    return _floats("=", a, b) if kind.name in t.FLOATS else f"({a} = {b})"


def _equal_lists(a: str, b: str, kind: Type) -> str:
    name = f"i{next(_names)}"
    same = _equal(f"{a}[{name}]", f"{b}[{name}]", kind)
    tests = f"list_transform(range(1, len({a}) + 1), lambda {name}: {same})"
    return _all(f"len({a}) = len({b})", tests, a, b)


def _all(size: str, tests: str, a: str, b: str) -> str:
    """False where one is false, unknown where one is unknown, else true."""
    name = f"t{next(_names)}"
    unknown = f"len(list_filter({name}, lambda u: u IS NULL)) > 0"
    error = (
        f"CASE WHEN list_contains({name}, false) THEN false WHEN {unknown} THEN NULL ELSE true END"
    )
    return (
        f"CASE WHEN {a} IS NULL OR {b} IS NULL THEN NULL WHEN NOT ({size}) THEN false ELSE"
        f" list_transform([{tests}], lambda {name}: {error})[1] END"
    )


def _has_null(value: Typed, counts: bool = True) -> str:
    """Whether there is a NULL within; `counts` where the value itself may be one."""
    kind, sql = value.type, value.sql
    found = [f"{sql} IS NULL"] if counts else []
    if kind.name == "row":
        for name, of in zip(t.row_fields(kind), kind.of, strict=True):
            part = _has_null(Typed(f"struct_extract({sql}, {text(name)})", of))
            found.append(f"({sql} IS NOT NULL AND ({part}))")
    if kind.name == "array":
        name = f"e{next(_names)}"
        inner = _has_null(Typed(name, kind.of[0]))
        found.append(f"coalesce(len(list_filter({sql}, lambda {name}: {inner})) > 0, false)")
    return " OR ".join(found) or "false"


def among(value: Typed, others: list[Typed]) -> str:
    """`value IN (…)`."""
    if is_special(value.type) and not all(_NUMBER.fullmatch(item.sql) for item in others):
        return f"({' OR '.join(written('=', value, item) for item in others)})"
    return f"({value.sql} IN ({', '.join(item.sql for item in others)}))"


def among_rows(value: Typed, query: str) -> str:
    """`value IN (query)` for what `IN` of DuckDB compares otherwise; the query's column is c0."""
    name = f"q{next(_names)}"
    same = written("=", value, Typed(f"{name}.c0", value.type))
    found = f"count(*) FILTER (WHERE {same}) > 0"
    unknown = f"count(*) FILTER (WHERE ({same}) IS NULL) > 0"
    return (
        f"(SELECT CASE WHEN {found} THEN true WHEN {unknown} THEN NULL ELSE false END"
        f" FROM ({query}) AS {name})"
    )


def contained(name: str, values: Typed, value: Typed) -> str:
    """contains, which fails where an element that holds a NULL may be meant."""
    element = f"e{next(_names)}"
    item = Typed(element, values.type.of[0])
    tests = f"list_transform({values.sql}, lambda {element}: {written('=', item, value)})"
    holds = f"list_transform({values.sql}, lambda {element}: {_has_null(item)})"
    return (
        f"CASE WHEN {value.sql} IS NULL THEN NULL WHEN list_contains({tests}, true) THEN true"
        f" WHEN list_contains({holds}, true) THEN fail('NOT_SUPPORTED: {name} does not support"
        " arrays with elements that are null or contain null')"
        f" WHEN {values.sql} IS NOT NULL THEN false END"
    )
