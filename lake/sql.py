"""`lake sql`: a query over the stack's Delta tables."""

from __future__ import annotations

import json

import typer

from lake.clients import check_endpoint
from lake.settings import Settings


def sql(
    query: str = typer.Argument(..., help="A SELECT over silver and gold tables, by their names"),
    as_json: bool = typer.Option(False, "--json", help="Rows as JSON objects"),
) -> None:
    """Query the Delta tables with DuckDB's SQL, e.g. lake sql "FROM gold_cpb_by_channel"."""
    import duckdb

    from lake.tables import connect

    settings = Settings.from_env()
    check_endpoint(settings)
    connection = connect(settings, query)
    try:
        answer = connection.sql(query)
    except duckdb.Error as error:
        raise typer.BadParameter(str(error)) from error
    if answer is None:
        raise typer.BadParameter("expected a query that returns rows; the tables are read-only")
    if as_json:
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
        typer.echo(json.dumps(rows, default=str))
    else:
        typer.echo(str(answer))
