"""`lake reprocess`: run the pipeline over bronze that silver has read already."""

from __future__ import annotations

import typer

from lake.run import finish


def reprocess(
    window_days: int | None = typer.Option(
        None, min=1, help="The latest days of bronze that are not after today"
    ),
    full: bool = typer.Option(False, "--full", help="All of bronze, and every table of gold anew"),
    as_json: bool = typer.Option(False, "--json", help="One JSON document at the end"),
) -> None:
    """Read bronze again by today's rules, e.g. lake reprocess --window-days 7.

    It is an execution of the state machine, whose input says what to read; anybody can start one:
    {"window_days": 7} or {"full": true}. What comes out as it was is not written.
    """
    if (window_days is None) == (not full):
        raise typer.BadParameter(
            "Expected --window-days N or --full, one of them: a plain `lake run` reads what is new"
        )
    finish({"full": True} if full else {"window_days": window_days}, as_json=as_json)
