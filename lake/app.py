"""The console command `lake`: one line per command; each is a function of the module it names."""

from __future__ import annotations

import json

import typer
from botocore.exceptions import EndpointConnectionError

from lake import compose, stack
from lake.demo import demo
from lake.deploy import deploy
from lake.logs import logs
from lake.replay import replay
from lake.reset import reset
from lake.run import run
from lake.send import send
from lake.settings import Settings
from lake.tables import sql

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def up() -> None:
    """Start the stack, in containers or as processes (MODE), and wait until it is healthy."""
    settings = Settings.from_env()
    try:
        seconds = compose.up(settings) if compose.is_chosen(settings) else stack.start(settings)
    except stack.StackError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"Healthy in {seconds:.1f} s")
    typer.echo(f"Endpoint   {settings.endpoint_url}\nDashboard  {settings.dashboard_url}")


@app.command()
def down() -> None:
    """Stop the stack, wherever it runs; its data stays."""
    settings = Settings.from_env()
    stopped = stack.stop(settings)
    if compose.is_running(settings):
        compose.down(settings)
        stopped = True
    typer.echo("Stopped" if stopped else "Not running")


@app.command()
def status(as_json: bool = typer.Option(False, "--json")) -> None:
    """Show each part of the stack; exits with 1 where one is down."""
    settings = Settings.from_env()
    in_containers = stack.running_pid(settings) is None and compose.is_running(settings)
    parts = compose.parts(settings) if in_containers else stack.status(settings)
    if as_json:
        typer.echo(json.dumps(parts))
    else:
        for part in parts:
            typer.echo(f"{part['name']:<12} {part['state']:<10} {part['url']}")
    if any(part["state"] not in ("healthy", "exited (0)") for part in parts):
        raise typer.Exit(1)


def main() -> None:
    """The command, with a stack or an engine that does not answer told in a few lines."""
    try:
        app()
    except EndpointConnectionError as error:
        typer.echo(f"{error}\nIs the stack running? Start it with `lake up`.", err=True)
        raise SystemExit(1) from error
    except compose.ComposeError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from error


for command in (deploy, replay, send, run, logs, sql, demo, reset):
    app.command()(command)
