"""`lake calendly`: start the Calendly simulator, subscribe the webhook, let things happen."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from aws_bootstrap.promotion.subscription import EVENTS
from lake import calendly_part, compose, signing_key
from lake.errors import StackError
from lake.replay import deployed_webhook
from lake.settings import Settings

calendly = typer.Typer(
    no_args_is_help=True,
    help="The Calendly simulator: Calendly's API v2, signed deliveries, retries, its own clock.",
)
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SECONDS = 120.0


@calendly.command()
def up() -> None:
    """Start the simulator beside the running stack; it starts with it from then on."""
    settings = Settings.from_env()
    calendly_part.start(settings)
    typer.echo(f"Calendly   {settings.calendly_url}")
    typer.echo("`lake calendly subscribe` lets it deliver to the webhook")


@calendly.command()
def down() -> None:
    """Stop the simulator; subscriptions and waiting deliveries stay."""
    typer.echo("Stopped" if calendly_part.stop(Settings.from_env()) else "Not running")


@calendly.command()
def status(as_json: bool = typer.Option(False, "--json")) -> None:
    """Show its clock, its subscriptions, and how many deliveries are in which state."""
    state = _call("GET", "/simulator/state")
    if as_json:
        typer.echo(json.dumps(state))
        return
    typer.echo(f"Clock      {state['now']}, speed {state['speed']:g}")
    if state["outage_until"]:
        typer.echo(f"Outage     until {state['outage_until']}")
    counts = ", ".join(f"{name} {count}" for name, count in state["deliveries"].items())
    typer.echo(f"Deliveries {counts or 'none'}; to happen {state['to_happen']}")
    typer.echo(f"Next       {state['next_due'] or 'nothing waits'}")
    for one in state["subscriptions"]:
        since = f", retrying since {one['retry_started_at']}" if one["retry_started_at"] else ""
        typer.echo(f"Webhook    {one['callback_url']}: {one['state']}{since}")


@calendly.command()
def subscribe(
    url: str | None = typer.Option(None, help="Another receiver; default: the stack's webhook"),
    unsigned: bool = typer.Option(False, "--unsigned", help="Without a signing key"),
    keep_signature: bool = typer.Option(
        False, "--keep-signature", help="Sign once, not anew for each retry"
    ),
) -> None:
    """Subscribe the deployed webhook to what happens to invitees."""
    settings = Settings.from_env()
    inner = compose.inner_endpoint_url(settings)
    me = _call("GET", "/users/me")["resource"]
    asked = {
        "url": url or deployed_webhook(settings, inner),
        "events": EVENTS,
        "organization": me["current_organization"],
        "scope": "organization",
        "sign_retries_anew": not keep_signature,
        **({} if unsigned else {"signing_key": signing_key.current(settings)}),
    }
    known = _call("GET", "/simulator/state")["subscriptions"]
    if any((one["callback_url"], one["state"]) == (asked["url"], "active") for one in known):
        typer.echo(f"{asked['url']} is subscribed already")
        return
    made = _call("POST", "/webhook_subscriptions", asked)["resource"]
    typer.echo(f"Subscribed {made['callback_url']}: {made['uri']}")


@calendly.command()
def unsubscribe() -> None:
    """Delete every subscription, the disabled ones too."""
    found = _call("GET", "/simulator/state")["subscriptions"]
    for one in found:
        _call("DELETE", f"/webhook_subscriptions/{one['uri'].rpartition('/')[2]}")
        typer.echo(f"Deleted {one['callback_url']}")
    if not found:
        typer.echo("There is none")


@calendly.command()
def scenarios() -> None:
    """List the scenarios that `play` knows."""
    for one in _call("GET", "/simulator/scenarios"):
        typer.echo(f"{one['name']:<18} {one['told']}")


@calendly.command()
def play(
    scenario: str = typer.Argument(..., help="One of `lake calendly scenarios`"),
    seed: int = typer.Option(6, min=0, help="The same seed makes the same deliveries"),
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When it happens")
    ] = None,
    size: int | None = typer.Option(None, min=1, help="Bookings"),
    paced: bool = typer.Option(False, "--paced", help="As far apart as it happened, by its clock"),
) -> None:
    """Let a scenario happen; its deliveries begin at once."""
    asked: dict[str, Any] = {"seed": seed, "size": size, "paced": paced}
    asked |= {"day": day.date().isoformat()} if day else {}
    done = _call("POST", f"/simulator/scenarios/{scenario}", asked)
    typer.echo(f"{done['happens']} deliveries to {done['subscriptions']} subscriptions")
    if not done["subscriptions"]:
        typer.echo("Nobody is subscribed: `lake calendly subscribe`, then play again", err=True)
        raise typer.Exit(1)


@calendly.command()
def clock(
    now: str | None = typer.Option(None, help="Set it: 2026-01-14T12:00:00Z, or `real`"),
    speed: float | None = typer.Option(None, min=0, help="Times as fast as real time; 0 stops it"),
    jump: str | None = typer.Option(None, help="Go ahead, such as 90m, 24h: makes what is due"),
) -> None:
    """Set the simulated clock, speed it up, or jump ahead through all retries until then."""
    state = _call("GET", "/simulator/state")
    now = datetime.now(UTC).isoformat() if now == "real" else now
    if now is not None or speed is not None:
        asked = {"now": now, "speed": speed}
        state = _call(
            "POST",
            "/simulator/clock",
            {name: value for name, value in asked.items() if value is not None},
        )
    if jump is not None:
        state = _call("POST", "/simulator/jump", {"seconds": _seconds(jump)})
    typer.echo(f"{state['now']}, speed {state['speed']:g}")


def _seconds(text: str) -> float:
    if not (found := re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text)):
        raise typer.BadParameter(f"expected a duration such as 90m or 24h, found {text!r}")
    return float(found[1]) * UNITS[found[2]]


def _call(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The simulator's answer; StackError says what it refused, and what to do."""
    import requests

    settings = Settings.from_env()
    headers = {"Authorization": f"Bearer {settings.variables['CALENDLY_TOKEN']}"}
    try:
        answer = requests.request(
            method, f"{settings.calendly_url}{path}", json=body, headers=headers, timeout=SECONDS
        )
    except requests.ConnectionError as error:
        raise StackError(
            f"The simulator does not answer at {settings.calendly_url}: `lake calendly up`"
        ) from error
    if answer.status_code == 204:
        return None
    try:
        found = answer.json()
    except ValueError as error:
        raise StackError(
            f"{settings.calendly_url} is not the simulator: set CALENDLY_PORT in .env"
        ) from error
    if answer.ok:
        return found
    details = "; ".join(f"{one['parameter']} {one['message']}" for one in found.get("details", []))
    raise StackError(f"Calendly refused: {found.get('title')}: {details or found.get('message')}")
