"""Function calls: scalar functions, aggregates, windows and lambdas, by the tables of functions.

A call is bound to one of its overloads (`binding`), gets its type (`result_types`), and is written
by the overload's template (`templates`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import equality, json_functions, lambdas, unavailable
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.binding import Binding, ambiguous, chosen
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.overloads import AGGREGATES, SCALARS, WINDOWS, Overload
from services.edge.athena.sql.trino.result_types import result_type
from services.edge.athena.sql.trino.scope import Context, name_of
from services.edge.athena.sql.trino.special_functions import BY_COUNT, SPECIAL, function_name
from services.edge.athena.sql.trino.templates import Modifiers, TypedCall, written
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.windows import order


def called(node: exp.Anonymous, context: Context, modifiers: Modifiers | None = None) -> Typed:
    """`modifiers` are there where the call stands within FILTER or OVER."""
    name = function_name(node)
    special = _special(name, node)
    if special and modifiers is None:
        return special(node, context)
    overloads, is_aggregate = _overloads(name, modifiers)
    if overloads is None:
        raise _unknown(name, node, context)
    nodes, modifiers = list(node.expressions), modifiers or Modifiers()
    if is_aggregate:
        nodes, modifiers = _distinct(nodes, modifiers, context)
    nodes = [argument for argument in nodes if not isinstance(argument, exp.Star)]
    overload, binding, values = _bound(name, overloads, nodes, node, context)
    if found := _by_equality(name, overload, binding, values, node, context):
        return found
    result = result_type(overload, binding, values)
    return written(TypedCall(overload, binding, values, result, modifiers, context.place(node)))


def _special(name: str, node: exp.Anonymous) -> Callable[[exp.Anonymous, Context], Typed] | None:
    """The rule of a call that no line of the tables tells."""
    for rules in (SPECIAL, lambdas.FUNCTIONS, json_functions.FUNCTIONS):
        if name in rules:
            return rules[name]
    if node.expressions and isinstance(node.expressions[-1], exp.Lambda):
        return lambdas.OVERLOADS.get(name)
    return BY_COUNT.get((name, len(node.expressions)))


def _overloads(name: str, modifiers: Modifiers | None) -> tuple[list[Overload] | None, bool]:
    """Those of the name where it stands, and whether they are of an aggregate or a window."""
    is_window = modifiers is not None and modifiers.is_window
    if aggregates := AGGREGATES.get(name) or (WINDOWS.get(name) if is_window else None):
        return aggregates, True
    is_scalar = modifiers is None or not (modifiers.after or is_window)
    return SCALARS.get(name) if is_scalar else None, False


def _unknown(name: str, node: exp.Expr, context: Context) -> QueryError:
    """Whose mistake it is: the query's, or that this has not all of Trino."""
    if name in unavailable.FUNCTIONS or name in SCALARS or name in WINDOWS:
        return context.refuse(f"The function {name} in this place", node)
    return QueryError(
        "FUNCTION_NOT_FOUND", f"Function '{name}' not registered", context.place(node)
    )


def _bound(
    name: str,
    overloads: list[Overload],
    nodes: list[exp.Expr],
    node: exp.Expr,
    context: Context,
) -> tuple[Overload, Binding, list[Typed]]:
    """The overload for the arguments; lambdas are translated when their variables have types."""
    is_lambda = [isinstance(argument, exp.Lambda) for argument in nodes]
    values = [
        Typed("", t.UNKNOWN) if skipped else context.compile(argument)
        for argument, skipped in zip(nodes, is_lambda, strict=True)
    ]
    found = chosen(overloads, values)
    if found is None or any(
        ("->" in found[0].parameter(i)) != is_it for i, is_it in enumerate(is_lambda)
    ):
        raise _mismatched(name, overloads, values, node, context)
    if t.UNKNOWN in (value.type for value in values) and ambiguous(overloads, values):
        raise QueryError(
            "AMBIGUOUS_FUNCTION_CALL",
            "Could not choose a best candidate operator. Explicit type casts must be added.",
            context.place(node),
        )
    overload, binding = found
    for index, argument in enumerate(nodes):
        if is_lambda[index]:
            values[index] = _lambda(argument, overload.parameter(index), binding, context)
    return overload, binding, values


def _mismatched(
    name: str, overloads: list[Overload], values: list[Typed], node: exp.Expr, context: Context
) -> QueryError:
    shown = ", ".join(str(value.type) for value in values)
    if name in unavailable.OVERLOADS:
        return context.refuse(f"The function {name}({shown})", node)
    expected = ", ".join(f"{name}({', '.join(overload.parameters)})" for overload in overloads)
    return QueryError(
        "FUNCTION_NOT_FOUND",
        f"Unexpected parameters ({shown}) for function {name}. Expected: {expected}",
        context.place(node),
    )


_BY_EQUALITY = ("contains", "array_position", "array_remove", "arrays_overlap", "contains_sequence")


def _by_equality(
    name: str,
    overload: Overload,
    binding: Binding,
    values: list[Typed],
    node: exp.Expr,
    context: Context,
) -> Typed | None:
    """Functions that compare elements, where DuckDB compares the type in another way."""
    if name not in _BY_EQUALITY or not binding.types.get("T", t.UNKNOWN).of:
        return None
    if name != "contains":
        raise context.refuse(f"{name} of {binding.types['T']}", node)
    pair = [binding.argument(p, v) for p, v in zip(overload.parameters, values, strict=True)]
    return Typed(equality.contained(name, *pair), t.BOOLEAN)


def _lambda(node: exp.Expr, parameter: str, binding: Binding, context: Context) -> Typed:
    taken, _, result = (part.strip() for part in parameter.partition("->"))
    name = context.environment.unique("v")
    variable = Typed(name, binding.resolved(taken))
    if len(node.expressions) != 1:
        raise QueryError(
            "INVALID_PARAMETER_USAGE",
            f"Expected a lambda that takes 1 argument(s) but got {len(node.expressions)}",
            context.place(node),
        )
    [identifier] = node.expressions
    body = context.with_variables({name_of(identifier): variable}).compile(node.this)
    if result in ("T", "U", "K", "V"):
        binding.types[result] = body.type
    else:
        body = coerced(body, binding.resolved(result), context.place(node))
    return Typed(f"lambda {name}: {body.sql}", body.type)


def _distinct(
    nodes: list[exp.Expr], modifiers: Modifiers, context: Context
) -> tuple[list[exp.Expr], Modifiers]:
    """DISTINCT and ORDER BY within the parentheses of an aggregate."""
    if nodes and isinstance(nodes[-1], exp.Order):
        items = order(nodes[-1].expressions, context)
        modifiers = replace(modifiers, order=f" ORDER BY {items}")
        nodes = [*nodes[:-1], nodes[-1].this]
    if nodes and isinstance(nodes[0], exp.Distinct):
        if modifiers.is_window:  # Trino knows it as little
            raise context.refuse("DISTINCT in window function parameters", nodes[0])
        modifiers = replace(modifiers, distinct="DISTINCT ")
        nodes = list(nodes[0].expressions)
    return nodes, modifiers
