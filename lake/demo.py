"""`lake demo`: the whole pipeline on the recorded sample, with the time that each part took."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import typer

from lake import chosen
from lake.last import EMBEDDED
from lake.run import run_pipeline, told
from lake.settings import Settings
from pipeline.names import GOLD

ROWS_SHOWN = 8


def demo() -> None:
    """Start, deploy, replay the seven sample days, run the pipeline, print the gold tables."""
    settings = Settings.from_env()
    timings: dict[str, str] = {}
    kind = settings.mode or EMBEDDED
    _timed("stack healthy", timings, lambda: chosen.start(settings, kind))
    typer.echo(chosen.described(settings, kind))
    _timed("deployed", timings, lambda: _deploy(settings))
    summary = _timed("replayed", timings, lambda: _replay(settings))
    timings["replay rate"] = f"{summary['sent'] / max(summary['seconds'], 0.001):.0f} deliveries/s"
    outcome = _timed("pipeline run", timings, lambda: run_pipeline(settings))
    if outcome["status"] != "SUCCEEDED":
        typer.echo("\n".join(told(outcome)), err=True)
        raise typer.Exit(1)
    for name in GOLD:
        _show(settings, name)
    typer.echo("\nTimings")
    for step, shown in timings.items():
        typer.echo(f"  {step:<16} {shown}")
    typer.echo(f"\nDashboard  {settings.dashboard_url}\nEndpoint   {settings.endpoint_url}")
    typer.echo("Stop it with `make down`.")


def _deploy(settings: Settings) -> None:
    from lake.deployments import carry_out, local_deployment

    carry_out(local_deployment(settings), apply=True, quiet=False)


def _replay(settings: Settings) -> dict[str, Any]:
    from lake.replay import replay_recorded

    return replay_recorded(settings)


def _timed(step: str, timings: dict[str, str], work: Callable[[], Any]) -> Any:
    typer.echo(f"== {step} ...")
    began = time.monotonic()
    result = work()
    timings[step] = f"{time.monotonic() - began:.1f} s"
    return result


def _show(settings: Settings, name: str) -> None:
    from lake.tables import connect

    connection = connect(settings, name)
    total = connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0]
    typer.echo(f"\n{name} ({total} rows)")
    typer.echo(str(connection.sql(f"SELECT * FROM {name} ORDER BY ALL LIMIT {ROWS_SHOWN}")))
