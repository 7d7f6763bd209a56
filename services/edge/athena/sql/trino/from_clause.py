"""FROM: tables, views, subqueries, joins and UNNEST, and the columns that they bring."""

from __future__ import annotations

from sqlglot import exp

from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.conditions import condition
from services.edge.athena.sql.trino.operators import compared, met
from services.edge.athena.sql.trino.scope import (
    Column,
    Context,
    Field,
    Query,
    Source,
    name_of,
    renamed,
)
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type

Relation = tuple[str, list[Field]]
_CATALOGS = ("awsdatacatalog", "hive", "")


def from_clause(node: exp.Select, context: Context) -> Relation:
    """` FROM …` in DuckDB's SQL, and the fields in the order of `*`."""
    found = node.args.get("from_")
    if found is None:
        return "", []
    first = found.this
    if sample := node.args.get("sample"):  # where sqlglot puts that of VALUES and UNNEST
        first = first.copy()
        first.set("sample", sample)
    sql, fields = _relation(first, context, [])
    for join in [*(first.args.get("joins") or []), *(node.args.get("joins") or [])]:
        sql, fields = _joined(sql, fields, join, context)
    return f" FROM {sql}", fields


def _relation(node: exp.Expr, context: Context, before: list[Field]) -> Relation:
    if sample := node.args.get("sample"):
        node = node.copy()
        node.set("sample", None)
        sql, fields = _relation(node, context, before)
        return f"{sql}{_sample(sample, context)}", fields
    if node.args.get("pivots") or node.args.get("version") or node.args.get("when"):
        raise context.refuse("PIVOT or a version of a table", node)
    if isinstance(node, exp.Table):
        return _table(node, context)
    if isinstance(node, exp.Unnest):
        return _unnest(node, context, before)
    if isinstance(node, (exp.Subquery, exp.Values)):
        return _subquery(node, context)
    if isinstance(node, exp.Paren):
        return _relation(node.this, context, before)
    if isinstance(node, exp.Lateral) and isinstance(node.this, exp.Subquery):
        found = context.with_fields(before).query(node.this.this)
        sql, fields = _aliased(found, node, context, None, None)
        return f"LATERAL {sql}", fields
    raise context.refuse(type(node).__name__, node)


def _sample(sample: exp.TableSample, context: Context) -> str:
    """As many rows in a hundred, by rows or by blocks of them."""
    method, part = sample.text("method").upper(), sample.args.get("percent")
    if method not in ("BERNOULLI", "SYSTEM") or not isinstance(part, exp.Literal):
        raise context.refuse("TABLESAMPLE by other than a number", sample)
    if float(part.name) > 100:
        raise QueryError(
            "NUMERIC_VALUE_OUT_OF_RANGE",
            "Sample percentage must be less than or equal to 100",
            context.place(sample),
        )
    return f" TABLESAMPLE {method}({part.name} PERCENT)"


def _table(node: exp.Table, context: Context) -> Relation:
    if not isinstance(node.this, exp.Identifier):
        if isinstance(node.this, exp.Anonymous):
            name = str(node.this.this).lower()
            if name == "table":
                return _aliased(_table_function(node.this, context), node, context, None, None)
            raise QueryError(
                "FUNCTION_NOT_FOUND", f"Table function '{name}' not registered", context.place(node)
            )
        raise context.refuse(node.sql(dialect="trino"), node)
    name, schema = name_of(node.this), node.text("db").lower() or None
    if node.text("catalog").lower() not in _CATALOGS:
        raise QueryError(
            "CATALOG_NOT_FOUND",
            f"Catalog '{node.text('catalog').lower()}' does not exist",
            context.place(node),
        )
    found: Source | Query | None = context.tables.get(name) if schema is None else None
    if found is None:
        found = context.environment.find(schema, name, context.place(node))
    return _aliased(found, node, context, name, schema)


def _table_function(node: exp.Anonymous, context: Context) -> Query:
    """TABLE(sequence(start, stop, step)), of any length."""
    inner = node.expressions[0] if len(node.expressions) == 1 else None
    if not isinstance(inner, exp.Anonymous) or str(inner.this).lower() != "sequence":
        raise context.refuse(node.sql(dialect="trino"), node)
    given = dict(zip(("start", "stop", "step"), inner.expressions, strict=False))
    if any(isinstance(argument, exp.Kwarg) for argument in inner.expressions):
        given = {argument.this.name.lower(): argument.expression for argument in inner.expressions}
    if "stop" not in given or not set(given) <= {"start", "stop", "step"}:
        raise context.refuse(node.sql(dialect="trino"), node)
    zero, one = exp.Literal.number(0), exp.Literal.number(1)
    parts = (given.get("start", zero), given["stop"], given.get("step", one))
    start, stop, step = (coerced(context.compile(p), t.BIGINT, context.place(node)) for p in parts)
    found = f"unnest(trino_table_sequence({start.sql}, {stop.sql}, {step.sql}))"
    return Query(f"SELECT {found} AS c0", [Column("sequential_number", t.BIGINT)])


def _subquery(node: exp.Subquery | exp.Values, context: Context) -> Relation:
    if isinstance(node, exp.Values):
        found = context.query(node)
    elif isinstance(node.this, (exp.Table, exp.Paren)):
        sql, fields = _relation(node.this, context, [])
        for join in node.this.args.get("joins") or []:
            sql, fields = _joined(sql, fields, join, context)
        return f"({sql})", fields
    else:
        found = context.query(node.this)
    return _aliased(found, node, context, None, None)


def _aliased(
    found: Source | Query,
    node: exp.Expr,
    context: Context,
    name: str | None,
    schema: str | None,
) -> Relation:
    alias = node.args.get("alias")
    if alias is not None and alias.this is not None:
        name, schema = name_of(alias.this), None
    names = [name_of(column) for column in alias.args.get("columns") or []] if alias else []
    own = context.environment.unique("r")
    if isinstance(found, Source):
        written = f"{found.name} AS {own}"
        places = [f"{own}.{t.quoted(column.name or '')}" for column in found.columns]
    else:
        written = f"({found.sql}) AS {own}"
        places = [f"{own}.c{index}" for index in range(len(found.columns))]
    columns = renamed(Query("", found.columns), names, node, context).columns
    pairs = zip(columns, places, strict=True)
    fields = [Field(c.name, name, Typed(sql, c.type), schema) for c, sql in pairs]
    for hidden in found.hidden if isinstance(found, Source) else []:
        value = Typed(f"{own}.{t.quoted(hidden.name or '')}", hidden.type)
        fields.append(Field(hidden.name, name, value, schema, hidden=True))
    return written, fields


def _joined(sql: str, left: list[Field], join: exp.Join, context: Context) -> Relation:
    kind = " ".join(filter(None, (join.side, join.kind))).upper()
    if join.method or kind not in ("", "INNER", "CROSS", *_OUTER):
        raise context.refuse(f"{join.method or ''} {kind} JOIN".strip(), join)
    right_sql, right = _relation(join.this, context, left)
    for inner in join.this.args.get("joins") or []:
        right_sql, right = _joined(right_sql, right, inner, context)
        right_sql = f"({right_sql})"
    if using := join.args.get("using"):
        return _using(sql, left, right_sql, right, [name_of(name) for name in using], kind)
    fields = [*left, *right]
    on = join.args.get("on")
    if on is None:
        if kind in _OUTER:
            raise context.refuse(f"{kind} JOIN without a condition", join)
        return f"{sql} CROSS JOIN {right_sql}", fields
    if isinstance(join.this, exp.Lateral) and not (isinstance(on, exp.Boolean) and on.this):
        raise context.refuse("LATERAL with a condition other than TRUE", join)
    test = condition(on, context.with_fields(fields), "JOIN ON clause")
    return f"{sql} {_OUTER.get(kind, 'INNER')} JOIN {right_sql} ON {test.sql}", fields


_OUTER = {
    **{"LEFT": "LEFT", "LEFT OUTER": "LEFT", "RIGHT": "RIGHT", "RIGHT OUTER": "RIGHT"},
    **{"FULL": "FULL", "FULL OUTER": "FULL"},
}


def _using(
    sql: str,
    left: list[Field],
    right_sql: str,
    right: list[Field],
    names: list[str],
    kind: str,
) -> Relation:
    tests, merged = [], []
    for name in names:
        pair = [_one(fields, name) for fields in (left, right)]
        a, b = met("=", pair[0].value, pair[1].value, None)
        tests.append(compared("=", a, b, None).sql)
        value = {"RIGHT": b.sql, "FULL": f"coalesce({a.sql}, {b.sql})"}.get(
            _OUTER.get(kind, ""), a.sql
        )
        merged.append(Field(name, None, Typed(value, a.type)))
    rest = [field for field in (*left, *right) if field.name not in names]
    join = f"{sql} {_OUTER.get(kind, 'INNER')} JOIN {right_sql} ON {' AND '.join(tests)}"
    return join, [*merged, *rest]


def _one(fields: list[Field], name: str) -> Field:
    found = [field for field in fields if field.name == name]
    if len(found) != 1:
        state = "is ambiguous" if found else "is missing from one side of the join"
        raise QueryError("COLUMN_NOT_FOUND", f"Column '{name}' {state}")
    return found[0]


def _unnest(node: exp.Unnest, context: Context, before: list[Field]) -> Relation:
    """Arrays side by side, the shorter ones filled up with NULL; maps give two columns."""
    inner = context.with_fields(before)
    columns: list[Column] = []
    items: list[str] = []
    lists: list[str] = []
    for part in node.expressions:
        value = inner.compile(part)
        for name, kind, sql in _spread(value, node, context):
            items.append(f"{sql} AS c{len(items)}")
            columns.append(Column(name, kind))
            lists.append(value.sql)
    if node.args.get("offset"):
        longest = ", ".join(f"coalesce(len({value}), 0)" for value in lists)
        most = f"greatest({longest})" if len(lists) > 1 else longest
        items.append(f"unnest(range(1, {most} + 1)) AS c{len(items)}")
        columns.append(Column(None, t.BIGINT))
    found = Query(f"SELECT {', '.join(items)}", columns)
    alias = node.args.get("alias")
    own = context.environment.unique("r")
    relation = name_of(alias.this) if alias and alias.this else None
    names = [name_of(column) for column in (alias.args.get("columns") if alias else None) or []]
    if isinstance(offset := node.args.get("offset"), exp.Identifier):
        names.append(name_of(offset))
    found = renamed(found, names, node, context)
    fields = [
        Field(column.name, relation, Typed(f"{own}.c{index}", column.type))
        for index, column in enumerate(found.columns)
    ]
    return f"LATERAL ({found.sql}) AS {own}", fields


def _spread(value: Typed, node: exp.Expr, context: Context) -> list[tuple[str | None, Type, str]]:
    """Name, type and values of each column: those of rows have the fields' names."""
    kind = value.type
    if kind.name == "map":
        return [
            (None, kind.of[0], f"unnest(map_keys({value.sql}))"),
            (None, kind.of[1], f"unnest(map_values({value.sql}))"),
        ]
    if kind.name != "array":
        raise QueryError(
            "INVALID_FUNCTION_ARGUMENT", f"Cannot unnest type: {kind}", context.place(node)
        )
    element = kind.of[0]
    if element.name != "row":
        return [(None, element, f"unnest({value.sql})")]
    return [
        (shown.lower() or None, of, f"struct_extract(unnest({value.sql}), {text(own)})")
        for shown, own, of in zip(element.fields, t.row_fields(element), element.of, strict=True)
    ]
