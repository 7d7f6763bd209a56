"""INTERVAL literals: of one field, or from one field to another."""

from __future__ import annotations

import re
from decimal import Decimal

from services.edge.athena.sql.errors import Position, QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.typed_sql import Typed

_MONTHS = {"year": 12, "month": 1}
_MILLISECONDS = {"day": 86_400_000, "hour": 3_600_000, "minute": 60_000, "second": 1000}
_SEPARATORS = {"month": "-", "hour": " ", "minute": ":", "second": ":"}  # before the field


def literal(written: str, first: str, last: str, place: Position | None) -> Typed:
    """`written` has the fields from `first` to `last`; raises QueryError for what it has not."""
    for fields, kind, maker in (
        (_MONTHS, t.YEAR_TO_MONTH, "to_months"),
        (_MILLISECONDS, t.DAY_TO_SECOND, "to_milliseconds"),
    ):
        names = list(fields)
        if first in fields and last in names[names.index(first) :]:
            span = names[names.index(first) : names.index(last) + 1]
            total = _total(written, {name: fields[name] for name in span}, place)
            return Typed(_made(maker, total), kind)
    raise QueryError("TYPE_NOT_FOUND", f"Unknown interval: {first} to {last}", place)


def _made(maker: str, total: int) -> str:
    days, rest = divmod(total, _MILLISECONDS["day"])
    return f"to_days({days})" if maker == "to_milliseconds" and not rest else f"{maker}({total})"


def _total(written: str, sizes: dict[str, int], place: Position | None) -> int:
    pattern = "".join(
        ("" if index == 0 else _SEPARATORS[name])
        + r"(\d+"
        + (r"(?:\.\d{1,3})?)" if name == "second" else ")")
        for index, name in enumerate(sizes)
    )
    found = re.fullmatch(rf"(-?){pattern}", written)
    if found is None:
        raise QueryError("INVALID_LITERAL", f"'{written}' is not a valid INTERVAL literal", place)
    total = sum(
        Decimal(value) * size
        for value, size in zip(found.groups()[1:], sizes.values(), strict=True)
    )
    return int(-total if found[1] else total)
