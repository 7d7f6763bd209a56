"""`lake quarantine list|show|retry`: deliveries that are no bookings, and what can be done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lake.clients import make_client
from lake.errors import StackError
from lake.json_output import print_json
from lake.settings import Settings

if TYPE_CHECKING:
    from lake.unusable import Unusable

quarantine = typer.Typer(
    no_args_is_help=True,
    help="Deliveries that were quarantined or rejected: which, why, and another try.",
)
JSON = typer.Option(False, "--json", help="Print one JSON document")
KEY = typer.Argument(help="A key of the list, or the beginning of its file's name")


@quarantine.command("list")
def show_all(as_json: bool = JSON) -> None:
    """Show each delivery that silver cannot use, with the reason."""
    found = _found(Settings.from_env())
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.kind:<11}  {one.key}  {'; '.join(one.reasons)}")
    if not found:
        typer.echo("Nothing is quarantined, nothing was rejected")


@quarantine.command()
def show(key: Annotated[str, KEY], as_json: bool = JSON) -> None:
    """Show one delivery: its reasons, its cure, its body with personal data masked."""
    from lake import unusable
    from pipeline.masking import masked_body

    settings = Settings.from_env()
    one = _chosen(_found(settings), key)
    raw = _body(make_client("s3", settings), settings, one)
    cure = unusable.hopeless(one, raw) or "`lake quarantine retry` may succeed"
    document = {**asdict(one), "cure": cure, "body": masked_body(raw)}
    if as_json:
        print_json(document)
        return
    typer.echo(f"{one.kind}  {one.key}\nbecause  {'; '.join(one.reasons)}\ncure     {cure}")
    typer.echo(document["body"])


@quarantine.command()
def retry(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of the list")] = None,
    every: bool = typer.Option(False, "--all", help="Each of the list"),
    url: str | None = typer.Option(None, help="The webhook; default: that of the stack"),
    as_json: bool = JSON,
) -> None:
    """Send bodies again through the webhook, signed; exits with 1 where one was not taken.

    What can never succeed is not sent, and the reason is told.
    """
    if bool(keys) == every:
        raise typer.BadParameter("Expected KEYS, or --all: `lake quarantine list` shows the keys")
    settings = Settings.from_env()
    found = _found(settings)
    chosen = found if every else [_chosen(found, key) for key in keys or []]
    outcomes = list(_retried(settings, chosen, url))
    if as_json:
        print_json(outcomes)
    else:
        for one in outcomes:
            typer.echo(f"{one['outcome']:<12} {one['key']}  {one['told']}")
    if any(one["outcome"] not in ("stored", "repeated") for one in outcomes):
        raise typer.Exit(1)


def _retried(
    settings: Settings, chosen: list[Unusable], url: str | None
) -> Iterator[dict[str, Any]]:
    from lake import unusable
    from lake.replay import sender_to

    s3, sender = make_client("s3", settings), None
    try:
        for one in chosen:
            raw = _body(s3, settings, one)
            if reason := unusable.hopeless(one, raw):
                yield {"key": one.key, "outcome": "not sent", "told": reason}
                continue
            sender = sender or sender_to(settings, url, signed=True, connections=1)
            result = sender.send(raw)
            yield {"key": one.key, "outcome": result.outcome, "told": _answer(result.answer)}
    finally:
        if sender is not None:
            sender.close()


def _body(s3: Any, settings: Settings, one: Unusable) -> bytes:
    """Raises StackError where it has been deleted from bronze since it was rejected."""
    from pipeline import objects

    raw = objects.body(s3, settings.names.bronze_bucket, one.key)
    if raw is None:
        raise StackError(
            f"Expected the delivery {one.key} in {settings.names.bronze_bucket}, found none: it was"
            " deleted after silver had rejected it"
        )
    return raw


def _found(settings: Settings) -> list[Unusable]:
    from lake import unusable
    from lake.tables import connect

    s3 = make_client("s3", settings)
    return [
        *unusable.quarantined(s3, settings.names.bronze_bucket),
        *unusable.rejected(connect(settings, "rejected_events")),
    ]


def _chosen(found: list[Unusable], key: str) -> Unusable:
    """The one that is meant. Raises StackError where none or several are."""
    fitting = [one for one in found if key in (one.key, one.name) or one.name.startswith(key)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise StackError(
            f"Expected a quarantined or rejected delivery, found none called {key}:"
            " `lake quarantine list` shows them"
        )
    names = ", ".join(one.key for one in fitting[:5])
    raise StackError(f"Expected one delivery, found {len(fitting)} called {key}...: {names}")


def _answer(text: str) -> str:
    try:
        found = json.loads(text)
        return str(found.get("s3_key") or found["message"])
    except (ValueError, KeyError, AttributeError):
        return text.splitlines()[0] if text else ""
