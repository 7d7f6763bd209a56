"""WITH RECURSIVE as Trino runs it: the step is repeated a fixed number of times, and no more.

https://trino.io/docs/current/sql/select.html, section WITH RECURSIVE clause
"""

from __future__ import annotations

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced, coercible
from services.edge.athena.sql.trino.scope import Column, Context, Query, name_of, renamed
from services.edge.athena.sql.trino.typed_sql import Typed

DEEPEST = 10  # max_recursion_depth, which Athena lets nobody set
_REFERENCE = "INVALID_RECURSIVE_REFERENCE"


def recursive(cte: exp.CTE, context: Context) -> Query | None:
    """The table of a WITH RECURSIVE; None where it does not name itself."""
    name, names = name_of(cte.args["alias"].this), _column_names(cte, context)
    union = cte.this
    if not isinstance(union, exp.Union) or not _names_itself(union, name, context):
        return None
    base = renamed(context.query(union.left), names, cte, context)
    base = _typed(base, base.columns, union, context)
    inner = context.inner([])
    prefix = context.environment.unique("w")
    inner.tables[name] = Query(f"SELECT * FROM {prefix}_before", base.columns)
    step = _typed(inner.query(union.right), base.columns, union, context)
    return Query(
        _repeated(prefix, base.sql, step.sql, bool(union.args.get("distinct"))), base.columns
    )


def _column_names(cte: exp.CTE, context: Context) -> list[str]:
    columns = cte.args["alias"].args.get("columns")
    if not columns:
        raise QueryError(
            "MISSING_COLUMN_ALIASES",
            "missing column aliases in recursive WITH query",
            context.place(cte),
        )
    return [name_of(column) for column in columns]


def _names_itself(union: exp.Union, name: str, context: Context) -> bool:
    """Whether the step does, once and where it may; the base never does."""
    if found := _references(union.left, name):
        what = "WITH table name is referenced in the base relation of recursion"
        raise QueryError(_REFERENCE, what, context.place(found[0]))
    found = _references(union.right, name)
    if not found:
        return False
    place = context.place(found[-1])
    if len(found) > 1:
        what = "multiple recursive references in the step relation of recursion"
        raise QueryError(_REFERENCE, what, place)
    for clause in ("with_", "order", "limit", "offset"):
        if union.args.get(clause):
            word = clause.strip("_").upper()
            raise QueryError("NOT_SUPPORTED", f"immediate {word} clause in recursive query", place)
    step = union.right.unnest()
    if step.args.get("limit"):
        what = "FETCH FIRST / LIMIT clause in the step relation of recursion"
        raise QueryError("INVALID_LIMIT_CLAUSE", what, place)
    if not _is_in_from(found[0], step):
        what = "recursive reference outside of FROM clause of the step relation of recursion"
        raise QueryError(_REFERENCE, what, place)
    _check_joins(step, name, context)
    return True


def _references(node: exp.Expr, name: str) -> list[exp.Table]:
    tables = node.find_all(exp.Table)
    return [table for table in tables if name_of(table) == name and not table.args.get("db")]


def _is_in_from(reference: exp.Expr, step: exp.Expr) -> bool:
    if not isinstance(step, exp.Select):
        return False
    sources = [step.args.get("from_"), *(join.this for join in step.args.get("joins") or [])]
    return any(
        source is not None and reference in _references(source, name_of(reference))
        for source in sources
    )


def _check_joins(step: exp.Expr, name: str, context: Context) -> None:
    """A recursive reference may not stand where an outer join makes NULLs."""
    before = [step.args["from_"]]
    for join in step.args.get("joins") or []:
        side = join.side.upper()
        wrong = [join.this] if side == "LEFT" else before if side == "RIGHT" else []
        wrong = [*before, join.this] if side == "FULL" else wrong
        for source in wrong:
            if found := _references(source, name):
                what = f"recursive reference in an outer source of {side} join"
                raise QueryError(_REFERENCE, what, context.place(found[0]))
        before.append(join.this)


def _typed(found: Query, columns: list[Column], node: exp.Expr, context: Context) -> Query:
    """The query with the types of the base's columns, which the step's have to fit."""
    place = context.place(node)
    if len(found.columns) != len(columns):
        raise QueryError(
            "TYPE_MISMATCH",
            "base and step relations of recursion have different number of fields:"
            f" {len(columns)}, {len(found.columns)}",
            place,
        )
    alias, items = context.environment.unique("r"), []
    for index, (own, wanted) in enumerate(zip(found.columns, columns, strict=True)):
        if own.type != wanted.type and not coercible(own.type, wanted.type):
            raise QueryError(
                "TYPE_MISMATCH",
                f"recursion step relation output type ({own.type}) is not coercible to recursion"
                f" base relation output type ({wanted.type}) at column {index + 1}",
                place,
            )
        value = coerced(Typed(f"{alias}.c{index}", own.type), wanted.type)
        items.append(f"CAST({value.sql} AS {t.duckdb(wanted.type)}) AS c{index}")
    return Query(f"SELECT {', '.join(items)} FROM ({found.sql}) AS {alias}", columns)


def _repeated(prefix: str, base: str, step: str, is_distinct: bool) -> str:
    """Each depth is a table of its own; the one beyond the deepest has to be empty."""
    tables = [f"{prefix}_0 AS MATERIALIZED ({base})"]
    for depth in range(1, DEEPEST + 2):
        here = step.replace(f"{prefix}_before", f"{prefix}_{depth - 1}")
        tables.append(f"{prefix}_{depth} AS MATERIALIZED ({here})")
    message = (
        f"NOT_SUPPORTED: Recursion depth limit exceeded ({DEEPEST})."
        " Use ''max_recursion_depth'' session property to modify the limit."
    )
    check = f"(SELECT count(*) FROM {prefix}_{DEEPEST + 1})"
    rows = " UNION ALL ".join(f"SELECT * FROM {prefix}_{depth}" for depth in range(DEEPEST + 1))
    return (
        f"WITH {', '.join(tables)} SELECT {'DISTINCT ' if is_distinct else ''}* FROM ({rows})"
        f" WHERE CASE WHEN {check} > 0 THEN fail('{message}') ELSE true END"
    )
