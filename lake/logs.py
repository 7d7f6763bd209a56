"""`lake logs`: what the stack's processes print, and the CloudWatch log groups of its services."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import typer

from lake import stack
from lake.clients import make_client
from lake.settings import Settings

PROCESSES = ("edge", "spark", "dashboard")
GROUPS = {
    "webhook": "/aws/lambda/project6-calendly-webhook-ingestion",
    "glue": "/aws-glue/jobs/output",
    "glue-errors": "/aws-glue/jobs/error",
    "emr": "/aws/emr-serverless",
    "states": "/aws/vendedlogs/states/project6-state-machine",
}


def logs(
    source: str = typer.Argument(..., help="A process, a short name of a group, or a log group"),
    follow: bool = typer.Option(False, "--follow", "-f", help="Go on until Ctrl-C"),
    lines: int = typer.Option(50, "--lines", "-n", help="How many of the last lines"),
) -> None:
    """Show logs: edge, spark, dashboard; webhook, glue, glue-errors, emr, states; or any group."""
    settings = Settings.from_env()
    read = _process_lines if source in PROCESSES else _group_lines
    seen = 0
    while True:
        found = list(read(settings, source))
        for line in found[seen or max(0, len(found) - lines) :]:
            typer.echo(line)
        seen = len(found)
        if not follow:
            return
        time.sleep(1)


def _process_lines(settings: Settings, process: str) -> Iterator[str]:
    path = stack.log_file(settings)
    if not path.exists():
        raise typer.BadParameter(f"{path} does not exist: start the stack with `lake up`")
    for line in path.read_text(errors="replace").splitlines():
        name, _, text = line.partition(" | ")
        if name.split()[-1:] == [f"{process}.1"] or name.split()[-1:] == [process]:
            yield text


def _group_lines(settings: Settings, source: str) -> Iterator[str]:
    group = GROUPS.get(source, source)
    if not group.startswith("/"):
        known = ", ".join([*PROCESSES, *GROUPS])
        raise typer.BadParameter(f"expected {known} or a log group's name, found {source!r}")
    logs: Any = make_client("logs", settings)
    try:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            for event in page["events"]:
                yield event["message"].rstrip("\n")
    except logs.exceptions.ResourceNotFoundException as error:
        raise typer.BadParameter(f"log group {group} does not exist yet") from error
