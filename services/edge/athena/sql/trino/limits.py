"""LIMIT, OFFSET and FETCH FIRST of a query."""

from __future__ import annotations

from sqlglot import exp

from services.edge.athena.sql.trino.scope import Context


def limits(node: exp.Expr, context: Context) -> str:
    written = ""
    if limit := node.args.get("limit"):
        count = limit.args.get("count") or limit.expression
        options = limit.args.get("limit_options")
        if options and (options.args.get("with_ties") or options.args.get("percent")):
            raise context.refuse("FETCH FIRST WITH TIES of a set operation, or PERCENT", node)
        if not isinstance(count, exp.Var) or count.name.upper() != "ALL":
            written += f" LIMIT {_count(count, context)}"
    if offset := node.args.get("offset"):
        written += f" OFFSET {_count(offset.expression, context)}"
    return written


def _count(node: exp.Expr | None, context: Context) -> int:
    if node is None:
        return 1
    if not isinstance(node, exp.Literal) or not node.name.isdecimal():
        raise context.refuse("A limit that is not a number", node)
    return int(node.name)
