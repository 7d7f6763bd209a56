"""WINDOW: the windows of a query that OVER, and one another, call by name."""

from __future__ import annotations

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino.scope import Context, name_of
from services.edge.athena.sql.trino.windows import over

Windows = dict[str, exp.Window]


def with_windows_written_out(node: exp.Select, context: Context) -> exp.Select:
    """The query with each window in the place of its name; raises QueryError."""
    if not node.args.get("windows"):
        return node
    whole: exp.Select = node.copy()
    windows: Windows = {}
    for window in whole.args.pop("windows"):
        name = name_of(window.this)
        if name in windows:
            raise QueryError(
                "DUPLICATE_WINDOW_NAME",
                f"WINDOW name '{name}' specified more than once",
                context.place(window),
            )
        windows[name] = _written_out(window, windows, context)
        over(windows[name], context)  # also of one that nothing calls
    for call in list(whole.find_all(exp.Window)):
        if call.args.get("alias") and call.find_ancestor(exp.Select) is whole:
            call.replace(_written_out(call, windows, context))
    return whole


def _written_out(window: exp.Window, windows: Windows, context: Context) -> exp.Window:
    """`(w ORDER BY x)` has the partitions of `w`, and may add an order and a frame."""
    reference = window.args.get("alias")
    if reference is None:
        return window
    base = windows.get(name_of(reference))
    if base is None:
        raise QueryError(
            "INVALID_WINDOW_REFERENCE",
            f"Cannot resolve WINDOW name {name_of(reference)}",
            context.place(reference),
        )
    _check(window, base, context)
    found: exp.Window = window.copy()
    found.set("alias", None)
    for part in ("partition_by", "order", "spec"):
        if not found.args.get(part) and (value := base.args.get(part)):
            found.set(part, [p.copy() for p in value] if isinstance(value, list) else value.copy())
    return found


def _check(window: exp.Window, base: exp.Window, context: Context) -> None:
    added = [part for part in ("partition_by", "order", "spec") if window.args.get(part)]
    place = context.place(window)
    if "partition_by" in added:
        raise QueryError(
            "INVALID_PARTITION_BY",
            "WINDOW specification with named WINDOW reference cannot specify PARTITION BY",
            place,
        )
    if "order" in added and base.args.get("order"):
        raise QueryError(
            "INVALID_ORDER_BY",
            "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY",
            place,
        )
    if added and base.args.get("spec"):
        raise QueryError(
            "INVALID_WINDOW_REFERENCE",
            "Cannot reference named WINDOW containing frame specification",
            place,
        )
