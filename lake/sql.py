"""`lake sql`: a query over the stack's Delta tables, or a shell for queries."""

from __future__ import annotations

import typer

from lake.clients import check_endpoint
from lake.json_output import print_json
from lake.settings import Settings
from lake.sql_answers import Answer, Ask, QueryError


def sql(
    query: str | None = typer.Argument(
        None, help="A SELECT over silver and gold tables, by their names; none starts a shell"
    ),
    athena: bool = typer.Option(False, "--athena", help="In Athena's dialect, over the catalog"),
    as_json: bool = typer.Option(False, "--json", help="Rows as JSON objects"),
) -> None:
    """Query the Delta tables with DuckDB's SQL, e.g. lake sql "FROM gold_cpb_by_channel".

    Without a query it is a shell with history and completion; piped in, it runs each statement.
    """
    settings = Settings.from_env()
    check_endpoint(settings)
    ask = _athena(settings) if athena else _duckdb(settings)
    if query is None:
        from lake.sql_shell import run

        run(settings, ask, show if not as_json else show_json)
        return
    try:
        answer = ask(query)
    except QueryError as error:
        typer.echo(str(error), err=True)  # a frame around it would break a query over its lines
        raise typer.Exit(2) from error
    (show_json if as_json else show)(answer)


def show(answer: Answer) -> None:
    typer.echo(answer.shown)


def show_json(answer: Answer) -> None:
    print_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])


def _duckdb(settings: Settings) -> Ask:
    def ask(query: str) -> Answer:
        import duckdb

        from lake.tables import connect

        try:
            answer = connect(settings, query).sql(query)
            if answer is None:
                raise QueryError("expected a query that returns rows; the tables are read-only")
            return Answer(answer.columns, answer.fetchall(), str(answer))
        except duckdb.Error as error:
            raise QueryError(str(error)) from error

    return ask


def _athena(settings: Settings) -> Ask:
    from lake.athena_sql import Athena

    return Athena(settings).ask
