"""`lake send FILE`: one delivery with the file's bytes through the real webhook."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from lake.replay import sender_to
from lake.settings import Settings


def send(
    file: Annotated[Path, typer.Argument(help="The body to send as it is; - reads standard input")],
    url: str | None = typer.Option(None, help="The webhook; default: that of the stack"),
    unsigned: bool = typer.Option(False, "--unsigned", help="Send no signature"),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Send one body and print the webhook's answer; exits with 1 where it was not taken."""
    if str(file) != "-" and not file.is_file():
        typer.echo(f"Expected a file to send, found none at {file}", err=True)
        raise typer.Exit(1)
    body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    sender = sender_to(Settings.from_env(), url, signed=not unsigned, connections=1)
    try:
        result = sender.send(body)
    finally:
        sender.close()
    if as_json:
        fields = {"outcome": result.outcome, "status": result.status, "answer": result.answer}
        typer.echo(json.dumps(fields))
    else:
        typer.echo(f"{result.outcome} ({result.status or 'no answer'}): {result.answer}")
    if result.outcome in ("refused", "failed"):
        raise typer.Exit(1)
