"""`lake deploy`: plan and make the stack on the laptop or on AWS; repeating it changes nothing."""

from __future__ import annotations

import json

import typer

from lake.settings import Settings


def deploy(
    target_name: str = typer.Option("local", "--target", help="local or aws"),
    prefix: str | None = typer.Option(
        None, "--prefix", help="Begins the name of each resource  [default: PREFIX of .env]"
    ),
    plan_only: bool = typer.Option(False, "--plan-only", help="Show the change set, apply nothing"),
    yes: bool = typer.Option(False, "--yes", "-y", help="Apply to AWS without asking further"),
    allow_unsigned: bool = typer.Option(
        False, "--allow-unsigned", help="On AWS: accept deliveries without a signature"
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Package the code, show what changes, and make the stack so."""
    from lake import deployments

    try:
        deployment = deployments.deployment_to(
            target_name, Settings.from_env(), prefix=prefix, allow_unsigned=allow_unsigned
        )
        report = deployments.carry_out(
            deployment, apply=not plan_only, confirmed=yes, quiet=as_json
        )
    except deployments.ERRORS as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(report))
    if report["refused"]:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(deploy)
