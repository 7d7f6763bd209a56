"""A proof of this repository's pipeline: both sides found, run, compared, told."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import typer

from aws_bootstrap.promotion.cloud import PromotionError
from aws_bootstrap.proof import prove, report, sides
from aws_bootstrap.proof.page import page
from aws_bootstrap.proof.sides import Side, UnjudgedError
from lake import deployments
from lake.clients import make_client
from lake.promotions import account, told
from lake.settings import Settings

EQUAL, DIFFERS, UNJUDGED, INTERRUPTED = 0, 1, 2, 130


def shown(
    settings: Settings,
    prefix: str,
    profile: str | None,
    region: str | None,
    *,
    as_json: bool,
    html: Path | None,
) -> None:
    """Print and write the report; ends with the exit code that `lake promote prove` documents."""
    say = partial(typer.echo, err=as_json)
    if html and not html.parent.is_dir():
        _end(f"Expected a folder for --html {html}, found none at {html.parent}", UNJUDGED)
    try:
        with prove.ended_by_signals():
            found = proof(settings, prefix, profile, region, say)
    except (UnjudgedError, PromotionError, *deployments.ERRORS) as error:
        _end(f"Could not be judged: {told(error)}", UNJUDGED)
    except KeyboardInterrupt:
        _end("Interrupted: nothing was judged", INTERRUPTED)
    typer.echo(json.dumps(found) if as_json else "\n".join(report.readable(found)))
    if html:
        html.write_text(page(found))
        say(f"Written to {html}")
    raise typer.Exit(EQUAL if found["equal"] else DIFFERS)


def proof(
    settings: Settings,
    prefix: str,
    profile: str | None,
    region: str | None,
    say: Callable[[str], None],
) -> dict[str, Any]:
    names = deployments.names_of(prefix)
    found = account(profile, region)
    run = sides.new_run(secrets.token_hex(3), datetime.now(UTC))
    laptop = Side("laptop", settings.names, lambda kind: make_client(kind, settings), run)
    return prove.prove(laptop, Side("cloud", names, found.make_client, run), say)


def _end(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)
