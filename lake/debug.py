"""`lake debug`: a job's driver, or a function, under debugpy, until a debugger has attached."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from lake import completion, compose, ports
from lake.errors import StackError
from lake.settings import ROOT, Settings

PORT = 5678
START_SECONDS = 300.0
STOPPED = 130
LOG_LINES = 15
CONFIGURATION = "Attach to lake debug"


def debug(
    job: str | None = typer.Argument(
        None,
        help="A job by its state or script, such as gold",
        autocompletion=completion.jobs,
    ),
    function: str | None = typer.Option(None, "--function", help="A function instead of a job"),
    event: Annotated[
        Path | None,
        typer.Option(help="The function's event, a JSON file; default: a signed webhook"),
    ] = None,
    port: int = typer.Option(PORT, min=1024, max=65535, help="Where the debugger attaches"),
) -> None:
    """Run the working copy's job or function under debugpy, and say how to attach.

    The code waits for the debugger before its first line. Ctrl-C cancels the run.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what runs is cancelled then, too
    settings = Settings.from_env()
    if (job is None) == (function is None):
        raise typer.BadParameter("expected a job, or a function by --function, and not both")
    if compose.is_running(settings):
        raise StackError("Debugging needs the stack as processes: set MODE=embedded in .env")
    if ports.is_taken(port):
        raise ports.taken(port, "name another one by --port")
    try:
        if function is not None:
            from lake.debugged_function import run_function

            how = run_function(settings, function, event, port, lambda: _told(port))
        else:
            how = _run_job(settings, str(job), port)
    except KeyboardInterrupt:
        typer.echo("Cancelled")
        raise typer.Exit(STOPPED) from None
    if how is not None:
        typer.echo(how, err=True)
        raise typer.Exit(1)


def _run_job(settings: Settings, name: str, port: int) -> str | None:
    """Why the job failed, None where it did not."""
    from lake import jobs
    from lake.clients import make_client
    from services.spark import debugged

    def clients(service: str) -> Any:
        return make_client(service, settings)

    job = jobs.named(jobs.jobs(clients, settings.names.stack), name)
    variables = {debugged.PORT: str(port), debugged.SOURCES: str(ROOT / "spark_jobs")}
    with jobs.running(clients, job, variables) as run:
        deadline = time.monotonic() + START_SECONDS
        while not ports.is_listened_to(port) and jobs.is_running(clients, run):
            if time.monotonic() > deadline:
                raise StackError(f"{job.state} did not start within {START_SECONDS:.0f} s")
            time.sleep(jobs.POLL_SECONDS)
        if jobs.is_running(clients, run):
            typer.echo(f"{job.state} runs spark_jobs/{job.script} of this working copy")
            _told(port)
        end = jobs.finished(clients, run)
    typer.echo(f"{job.state} {'succeeded' if end.succeeded else 'failed'}")
    return None if end.succeeded else "\n".join([end.reason, *end.lines[-LOG_LINES:]])


def _told(port: int) -> None:
    typer.echo(f"Waiting for a debugger at 127.0.0.1:{port}")
    typer.echo(f"  VS Code  Run and Debug, {CONFIGURATION!r} (.vscode/launch.json)")
    typer.echo(f"  PyCharm  a configuration `Attach to DAP` (2025.3) for localhost:{port}")
    typer.echo("Ctrl-C cancels the run")
