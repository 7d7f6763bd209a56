"""`lake dev`: deploy what is saved, run it again, show what that changed, until Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import typer

from lake import completion
from lake.settings import ROOT, Settings
from pipeline.addresses import NotDeployedError

STOPPED = 130  # as shells count: 128 + SIGINT
# Saves that come within so many milliseconds of each other are one deployment.
TOGETHER_MS = 120
LOOK_MS = 300


def dev(
    run: str | None = typer.Option(
        None,
        "--run",
        help="Run it after each change: a state or a job (gold), or `pipeline`",
        autocompletion=completion.runs,
    ),
) -> None:
    """Watch jobs, functions, template and state machine; deploy what changes in seconds.

    With --run, runs the job again and shows the rows that it wrote and what changed in gold.
    """
    from lake.dev_session import Session

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what runs is cancelled then, too
    settings = Settings.from_env()
    try:
        session = Session(settings, run)
        session.begin()
        for saved in _saves():
            session.changed(saved)
    except NotDeployedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        typer.echo("Stopped")
        raise typer.Exit(STOPPED) from None


def _saves() -> Iterator[set[Path]]:
    """The files of each burst of saves; what is saved while one is dealt with makes the next.

    The first is of what was saved before the watch began, and may be empty.
    """
    from watchfiles import watch

    from lake.hot_deployment import WATCHED

    is_first = True
    for found in watch(
        *(ROOT / name for name in WATCHED),
        step=TOGETHER_MS,
        debounce=1000,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
    ):
        if found or is_first:
            yield {Path(path) for _, path in found}
        is_first = False
