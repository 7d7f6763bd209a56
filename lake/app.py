"""The console command `lake`: one line per command; each is a function of the module it names."""

from __future__ import annotations

import json

import typer

from lake import chosen, compose, stack
from lake.calendly import calendly
from lake.cost import cost
from lake.dashboard import dashboard
from lake.debug import debug
from lake.demo import demo
from lake.deploy import deploy
from lake.dev import dev
from lake.diff import diff
from lake.doctor import doctor
from lake.explain import explain
from lake.freshness import freshness
from lake.keys import keys
from lake.logs import logs
from lake.notebook import notebook
from lake.permissions import permissions
from lake.promote import promote
from lake.pull import pull
from lake.quarantine import quarantine
from lake.replay import replay
from lake.report import report
from lake.reprocess import reprocess
from lake.reset import reset
from lake.run import run
from lake.send import send
from lake.settings import Settings
from lake.snapshot import snapshot
from lake.sql import sql

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def up() -> None:
    """Start the stack that was there last, or that MODE names, and wait until it is healthy."""
    settings = Settings.from_env()
    kind = chosen.to_start(settings)
    seconds = chosen.start(settings, kind)
    typer.echo(f"Healthy in {seconds:.1f} s\n{chosen.described(settings, kind)}")
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
    """Show which stack it is, each part and its data; exits with 1 where a part is down."""
    settings = Settings.from_env()
    kind = chosen.to_look_at(settings)
    parts = chosen.parts(settings, kind)
    if as_json:
        typer.echo(json.dumps(parts))
    else:
        typer.echo(chosen.described(settings, kind))
        for part in parts:
            line = f"{part['name']:<12} {part['state']:<10} {part['url']}  {part['note']}"
            typer.echo(line.rstrip())
    if any(part["state"] not in ("healthy", "exited (0)") for part in parts):
        raise typer.Exit(1)


app.add_typer(promote, name="promote")
app.add_typer(keys, name="keys")
app.add_typer(calendly, name="calendly")
app.add_typer(snapshot, name="snapshot")
app.add_typer(quarantine, name="quarantine")
COMMANDS = (
    *(deploy, dev, debug, notebook),
    *(replay, send, run, reprocess, logs, sql, permissions, diff, cost, explain, freshness),
    *(report, doctor, pull, demo, reset, dashboard),
)
for command in COMMANDS:
    app.command()(command)
