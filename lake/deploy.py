"""`lake deploy`: make the pipeline in the local stack; repeating it changes nothing."""

from __future__ import annotations

import json

import typer

from lake.settings import Settings


def deploy(
    prefix: str | None = typer.Option(
        None, "--prefix", help="Begins the name of each resource  [default: PREFIX of .env]"
    ),
    plan_only: bool = typer.Option(False, "--plan-only", help="Show the change set, apply nothing"),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Package the code, show what changes, and make the stack so."""
    from lake import deployments

    try:
        deployment = deployments.local_deployment(Settings.from_env(), prefix)
        report = deployments.carry_out(deployment, apply=not plan_only, quiet=as_json)
    except deployments.ERRORS as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(report))


if __name__ == "__main__":
    typer.run(deploy)
