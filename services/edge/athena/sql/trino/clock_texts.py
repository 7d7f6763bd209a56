"""Dates and timestamps as Trino writes them: of timestamps, years beyond 9999 with a sign."""

from __future__ import annotations

from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.zones import local


def shown(value: Typed, between: str = " ") -> str:
    """With as many digits of a second as the type has, and without its zone."""
    if value.type == t.DATE:
        return f"trino_date_shown({value.sql})"
    clock, digits = local(value), value.type.args[0]
    time = f"strftime({clock}, '-%m-%d{between}%H:%M:%S{'.%f' if digits else ''}')"
    # %f writes six digits.
    cut = f"left({time}, {16 + digits})" if 0 < digits < 6 else time
    return f"(trino_year_shown({clock}) || {cut})"
