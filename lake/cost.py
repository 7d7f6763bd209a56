"""`lake cost`: what the laptop's runs would cost on AWS in a month."""

from __future__ import annotations

import typer

from lake.json_output import print_json
from lake.settings import Settings


def cost(as_json: bool = typer.Option(False, "--json", help="Print one JSON document")) -> None:
    """Say what a month on AWS would cost, as a range, from the runs of this stack."""
    from aws_bootstrap.costs.estimate import readable
    from aws_bootstrap.costs.usage import NothingMeasuredError
    from aws_bootstrap.production import ProductionError
    from lake.costs import of_the_laptop
    from pipeline.addresses import NotDeployedError

    try:
        found = of_the_laptop(Settings.from_env())
    except (NothingMeasuredError, NotDeployedError, ProductionError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        print_json(found)
    else:
        typer.echo("\n".join(readable(found)))
