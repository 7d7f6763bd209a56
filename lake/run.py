"""`lake run`: start the state machine, show each state as it goes, fail with its cause."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import typer
from botocore.exceptions import BotoCoreError, ClientError

from lake.clients import make_client
from lake.errors import StackError
from lake.log_groups import log_groups
from lake.settings import Settings
from pipeline import failures
from pipeline.addresses import NotDeployedError, state_machine_arn
from pipeline.executions import Execution, execution, start
from pipeline.failures import Failure
from pipeline.state_progress import StateProgress
from pipeline.task_logs import Place

POLL_SECONDS = 1.0


def run(
    as_json: bool = typer.Option(False, "--json", help="One JSON document at the end"),
) -> None:
    """Run the pipeline once and wait; exits with 1 and the cause when it fails."""
    finish(as_json=as_json)


def finish(document: dict[str, Any] | None = None, *, as_json: bool) -> None:
    """Run the pipeline with the input and print how it ended; exits with 1 where it failed."""
    settings = Settings.from_env()
    try:
        outcome = run_pipeline(settings, document, quiet=as_json)
    except NotDeployedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(outcome))
    else:
        typer.echo("\n".join(where_report_is(settings, outcome["execution_arn"])))
    if outcome["status"] != "SUCCEEDED":
        typer.echo("\n".join(told(outcome)), err=True)
        raise typer.Exit(1)


def run_pipeline(
    settings: Settings, document: dict[str, Any] | None = None, *, quiet: bool = False
) -> dict[str, Any]:
    """The execution's arn, status, seconds and cause (None where it succeeded)."""
    states = make_client("stepfunctions", settings)
    machine = state_machine_arn(make_client("cloudformation", settings), settings.names.stack)
    arn = start(states, machine, document)
    seen: dict[str, str] = {}
    while True:
        now = execution(states, arn)
        for change in [] if quiet else changes_since(seen, now):
            typer.echo(change)
        if now.ended:
            logs = make_client("logs", settings)
            failed = failures.of_execution(states, logs, arn)
            return outcome(now, failed, log_groups(settings.names))
        seen = {state.name: state.status for state in now.states}
        time.sleep(POLL_SECONDS)


def where_report_is(settings: Settings, arn: str) -> Iterator[str]:
    """The last lines of a run; that a report cannot be written is no failure of the run."""
    import duckdb
    from deltalake.exceptions import DeltaError

    from lake import report

    try:
        yield f"Report     {report.write(settings, arn)}"
        yield f"Dashboard  {report.page_url(settings, arn)}"
    except (OSError, DeltaError, duckdb.Error, StackError, BotoCoreError, ClientError) as error:
        yield f"No report: {error}. `lake report` writes it once that is mended"


def changes_since(known: dict[str, str], after: Execution) -> Iterator[str]:
    """A line for each state that stands otherwise than it was known to."""
    for state in after.states:
        if state.status not in ("waiting", known.get(state.name)):
            yield line(after, state)


def line(of: Execution, state: StateProgress) -> str:
    moment = state.left or state.entered or datetime.now(UTC)
    text = f"{(moment - of.started).total_seconds():7.1f} s  {state.name:<20} {state.status}"
    return f"{text}  {state.cause}" if state.cause else text


def outcome(ended: Execution, failed: Failure | None, groups: dict[str, str]) -> dict[str, Any]:
    """`groups` are the log groups by their short names."""
    stopped = ended.stopped or datetime.now(UTC)
    return {
        "execution_arn": ended.arn,
        "status": ended.status,
        "seconds": round((stopped - ended.started).total_seconds(), 1),
        "cause": ended.cause,
        "failed_state": failed.state if failed else None,
        "log_lines": list(failed.lines) if failed else [],
        "log_command": log_command(failed.place, groups) if failed and failed.place else None,
    }


def told(outcome: dict[str, Any]) -> Iterator[str]:
    """The end of a failed run: which state, why, the last lines of its log, where all of it is."""
    state = f" in {outcome['failed_state']}" if outcome["failed_state"] else ""
    yield f"{outcome['status']}{state}: {outcome['cause']}"
    if outcome["log_lines"]:
        yield "Its log ends with"
        yield from (f"    {line}" for line in outcome["log_lines"])
    if outcome["log_command"]:
        yield f"All of it: {outcome['log_command']}"


def log_command(place: Place, groups: dict[str, str]) -> str:
    short = {group: name for name, group in groups.items()}
    stream = place.stream.removeprefix("/jobs/").rstrip("/")
    command = f"lake logs {short.get(place.group, place.group)}"
    return f"{command} --stream {stream}" if stream else command
