"""`lake reset`: forget everything that the stack has stored."""

from __future__ import annotations

import shutil

import typer

from lake import compose, stack
from lake.lake_stores import STORES
from lake.settings import Settings

STATE = (*STORES, "tmp", "logs", "parts.json")


def reset(
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask"),
) -> None:
    """Empty the stack: objects, tables, runs, logs. The jars and the installed packages stay."""
    settings = Settings.from_env()
    if settings.mode != "embedded" and compose.engine_answers():
        reset_containers(settings, yes=yes)
    if stack.is_running(settings):
        typer.echo("The stack is running: stop it with `lake down` first", err=True)
        raise typer.Exit(1)
    found = [path for name in STATE for path in sorted(settings.lake_dir.glob(name))]
    if not found:
        typer.echo(f"Nothing is stored in {settings.lake_dir}")
        return
    if not yes:
        names = ", ".join(path.name for path in found)
        typer.confirm(f"Remove {names} from {settings.lake_dir}?", abort=True)
    for path in found:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    typer.echo(f"Emptied {settings.lake_dir}")


def reset_containers(settings: Settings, *, yes: bool) -> None:
    """Remove the containers and volumes of this project, after asking."""
    if not (volumes := compose.volumes(settings)):
        return
    if not yes:
        typer.confirm(f"Remove the volumes {', '.join(volumes)}?", abort=True)
    compose.down(settings, volumes=True)
    typer.echo(f"Removed {', '.join(volumes)}")
