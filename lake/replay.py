"""`lake replay`: post recorded deliveries through the real webhook and count the outcomes."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from lake import signing_key
from lake.clients import make_client
from lake.settings import Settings
from sample_data import recorded
from services.calendly.journal import Journal
from services.calendly.replay import Summary, UnreachableError, shuffled
from services.calendly.replay import replay as post_all
from services.calendly.sender import Result, Sender

CONCURRENCY = 8
LINE_EVERY = 250


def replay(
    days: Annotated[
        list[datetime] | None, typer.Option("--day", formats=["%Y-%m-%d"], help="Repeatable")
    ] = None,
    rate: float | None = typer.Option(None, min=0.001, help="Most deliveries per second"),
    concurrency: int = typer.Option(CONCURRENCY, min=1, max=64, help="Deliveries at once"),
    shuffle: int | None = typer.Option(None, help="Seed of another order than the recorded one"),
    folder: Annotated[
        Path, typer.Option(help="Another sample, made by `python -m sample_data --output`")
    ] = recorded.FOLDER,
    url: str | None = typer.Option(None, help="The webhook; default: that of the stack"),
    unsigned: bool = typer.Option(False, "--unsigned", help="Send no signature"),
    as_json: bool = typer.Option(False, "--json", help="Print the summary as one JSON document"),
) -> None:
    """Replay recorded webhooks; exits with 1 where any was refused or could not be delivered."""
    settings = Settings.from_env()
    wanted = [day.date() for day in days or []] or None
    try:
        deliveries = recorded.read_deliveries(wanted, folder)
    except recorded.NoSuchDayError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    bodies = [delivery.body for delivery in deliveries]
    if shuffle is not None:
        bodies = shuffled(bodies, shuffle)
    sender = sender_to(settings, url, signed=not unsigned, connections=concurrency)
    report(_posted(settings, bodies, sender, concurrency, rate), as_json=as_json)


def replay_recorded(settings: Settings) -> dict[str, Any]:
    """Replay the whole recorded set, show its summary, and return it."""
    bodies = [delivery.body for delivery in recorded.read_deliveries()]
    sender = sender_to(settings, None, signed=True, connections=CONCURRENCY)
    summary = _posted(settings, bodies, sender, CONCURRENCY, None)
    report(summary, as_json=False)
    return summary.document()


def sender_to(settings: Settings, url: str | None, *, signed: bool, connections: int) -> Sender:
    """A sender to the URL or to the deployed webhook, signing with the newest of its keys."""
    url = url or deployed_webhook(settings)
    key = signing_key.current(settings) if signed else None
    return Sender(url, key, connections=connections)


def deployed_webhook(settings: Settings, endpoint_url: str | None = None) -> str:
    """Its address by the settings' endpoint, or by another that leads there as well."""
    from pipeline.addresses import NotDeployedError, webhook_url

    try:
        cloudformation = make_client("cloudformation", settings)
        endpoint = endpoint_url or settings.endpoint_url
        return webhook_url(cloudformation, settings.names.stack, endpoint)
    except NotDeployedError as error:
        typer.echo(f"{error} (`make up` starts and deploys)", err=True)
        raise typer.Exit(1) from error


def report(summary: Summary, *, as_json: bool) -> None:
    """Print the summary; exits with 1 where a delivery was not taken."""
    if as_json:
        typer.echo(json.dumps(summary.document()))
    else:
        typer.echo(readable(summary))
    for problem in summary.problems:
        typer.echo(problem, err=True)
    if not summary.whole:
        raise typer.Exit(1)


def readable(summary: Summary) -> str:
    counts = ("accepted", "repeated", "quarantined", "refused", "failed", "retries")
    shown = ", ".join(f"{name} {getattr(summary, name):,}" for name in counts)
    speed = f"{summary.seconds:.1f} s, {summary.per_second:.0f} per second"
    return f"Sent {summary.sent:,} deliveries in {speed}: {shown}"


def _posted(
    settings: Settings, bodies: list[bytes], sender: Sender, concurrency: int, rate: float | None
) -> Summary:
    try:
        with _journal(settings) as note, _progress(len(bodies)) as step:

            def each(body: bytes, result: Result) -> None:
                note(body, result)
                step(result)

            return post_all(bodies, sender, concurrency=concurrency, rate=rate, each=each)
    except UnreachableError as error:
        typer.echo(f"{error}\nRun `make up`, or see `lake logs`", err=True)
        raise typer.Exit(1) from error
    finally:
        sender.close()


@contextmanager
def _journal(settings: Settings) -> Iterator[Callable[[bytes, Result], None]]:
    """Keeps what is delivered for the simulator's page. In containers its data is not in reach."""
    if settings.mode != "embedded":
        yield lambda _, __: None
        return
    try:
        journal = Journal(settings.lake_dir / "calendly" / "calendly.sqlite")
    except (OSError, sqlite3.Error) as error:
        _tell_lack(error)
        yield lambda _, __: None
        return
    try:
        yield journal.note
    finally:
        journal.close()
        if journal.problem:
            _tell_lack(journal.problem)


def _tell_lack(problem: object) -> None:
    typer.echo(f"The simulator's page lacks deliveries: {problem}", err=True)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Result], None]]:
    """A bar on a terminal, a line now and then elsewhere; on stderr, beside the summary."""
    if sys.stderr.isatty():
        with typer.progressbar(length=total, label="Replaying", file=sys.stderr) as bar:
            yield lambda _: bar.update(1)
        return
    done = 0

    def line(_: Result) -> None:
        nonlocal done
        done += 1
        if done % LINE_EVERY == 0 or done == total:
            typer.echo(f"  replayed {done:,} of {total:,}", err=True)

    yield line
