"""`lake snapshot save|list|restore`: the whole lake as it was at one moment."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lake import chosen, stack
from lake.errors import StackError
from lake.json_output import print_json
from lake.last import COMPOSE
from lake.settings import Settings

snapshot = typer.Typer(
    no_args_is_help=True, help="Save the whole lake while it runs, and put it back."
)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
JSON = typer.Option(False, "--json", help="Print one JSON document")


def names(incomplete: str) -> list[str]:
    from lake.snapshot_restore import snapshots

    found = snapshots(Settings.from_env().lake_dir)
    return [one.name for one in found if one.name.startswith(incomplete)]


@snapshot.command()
def save(
    name: Annotated[str | None, typer.Argument(help="Default: the time, in UTC")] = None,
    as_json: bool = JSON,
) -> None:
    """Copy everything that is stored as it is at one moment; a running stack goes on."""
    from lake import snapshot_save

    chosen_name = name or f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}"
    if not NAME.fullmatch(chosen_name):
        raise typer.BadParameter(
            f"Expected letters, digits, dots, dashes and underscores, found {chosen_name!r}"
        )
    made = snapshot_save.save(_lake_dir(), chosen_name, _told)
    if as_json:
        print_json(asdict(made))
        return
    typer.echo(
        f"Saved {made.name}: {made.objects:,} files of S3, {made.bytes / 2**20:,.1f} MB;"
        f" writes waited for {made.pause_seconds:.2f} s"
    )


@snapshot.command("list")
def show(as_json: bool = JSON) -> None:
    """Show the snapshots, oldest first."""
    from lake.snapshot_restore import snapshots

    found = snapshots(_lake_dir())
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.name:<24} {one.saved_at}  {one.objects:,} files of S3")
    if not found:
        typer.echo("There are no snapshots: `lake snapshot save` makes one")


@snapshot.command()
def restore(
    name: Annotated[str, typer.Argument(autocompletion=names)],
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask"),
    as_json: bool = JSON,
) -> None:
    """Put everything back as it was. The stack must be stopped; what it holds now is lost."""
    from lake import snapshot_restore

    settings = Settings.from_env()
    lake_dir = _lake_dir()
    if stack.is_running(settings):
        raise StackError("The stack is running: stop it with `lake down`, restore, and `lake up`")
    if not yes:
        typer.confirm(f"Replace all that is stored in {lake_dir} by {name}?", abort=True, err=True)
    with stack.alone(lake_dir):
        if stack.is_running(settings):
            raise StackError("The stack was started meanwhile: stop it with `lake down`")
        restored = snapshot_restore.restore(lake_dir, name, _told)
    if as_json:
        print_json(asdict(restored))
    else:
        typer.echo(f"Restored {name} of {restored.saved_at}; `lake up` starts the stack")


def _lake_dir() -> Path:
    settings = Settings.from_env()
    if chosen.to_look_at(settings) == COMPOSE:
        raise StackError(
            "The stack runs in containers, whose volumes `lake snapshot` does not reach: copy the"
            " volumes with Docker, or set MODE=embedded in .env"
        )
    settings.lake_dir.mkdir(parents=True, exist_ok=True)
    return settings.lake_dir


def _told(line: str) -> None:
    typer.echo(line, err=True)
