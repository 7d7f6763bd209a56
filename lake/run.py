"""`lake run`: start the state machine, show each state as it goes, fail with its cause."""

from __future__ import annotations

import json
from typing import Any

import typer

from lake.clients import make_client
from lake.executions import follow, readable_cause
from lake.settings import Settings


def run(
    as_json: bool = typer.Option(False, "--json", help="One JSON document at the end"),
) -> None:
    """Run the pipeline once and wait; exits with 1 and the cause when it fails."""
    outcome = run_pipeline(Settings.from_env(), quiet=as_json)
    if as_json:
        typer.echo(json.dumps(outcome))
    if outcome["status"] != "SUCCEEDED":
        typer.echo(f"{outcome['status']}: {outcome['cause']}", err=True)
        raise typer.Exit(1)


def run_pipeline(settings: Settings, *, quiet: bool = False) -> dict[str, Any]:
    """The execution's arn, status, seconds and cause (None where it succeeded)."""
    from aws_bootstrap.addresses import stack_outputs

    arn = stack_outputs(make_client("cloudformation", settings))["StateMachineArn"]
    states = make_client("stepfunctions", settings)
    execution = states.start_execution(stateMachineArn=arn)["executionArn"]
    for change in follow(states, execution):
        if not quiet:
            line = f"{change.seconds:7.1f} s  {change.state:<20} {change.change}"
            typer.echo(f"{line}  {change.cause}" if change.cause else line)
    return _outcome(states.describe_execution(executionArn=execution))


def _outcome(execution: dict[str, Any]) -> dict[str, Any]:
    succeeded = execution["status"] == "SUCCEEDED"
    seconds = (execution["stopDate"] - execution["startDate"]).total_seconds()
    cause = readable_cause(execution.get("error", ""), execution.get("cause", ""))
    return {
        "execution_arn": execution["executionArn"],
        "status": execution["status"],
        "seconds": round(seconds, 1),
        "cause": None if succeeded else cause,
    }
