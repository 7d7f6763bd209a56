"""`lake permissions`: what each role has used, never uses and lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import typer

from lake.clients import check_endpoint
from lake.errors import StackError
from lake.settings import Settings

PATH = "/_lake/permissions"
SECONDS = 30.0
Role = dict[str, Any]


def permissions(
    role: str | None = typer.Option(None, help="Of this role alone, by its name or ARN"),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
    forget: bool = typer.Option(False, "--forget", help="Begin anew: forget what was recorded"),
) -> None:
    """Show by role what it used, is allowed and never used, and lacks, with the statement to add.

    Exits with 1 where a role lacks a permission, so that a script can ask.
    """
    settings = Settings.from_env()
    document = _told(settings, forget=forget)
    found = [one for one in document["roles"] if role in (None, one["role"], one["arn"])]
    if role and not found:
        known = ", ".join(one["role"] for one in document["roles"]) or "none"
        raise typer.BadParameter(f"there is no role {role}; known are: {known}")
    if as_json:
        typer.echo(json.dumps({**document, "roles": found}))
    elif document["mode"] == "off":
        typer.echo("IAM_MODE is off: nothing is judged. Set it to report or enforce in .env")
    else:
        typer.echo("\n\n".join("\n".join(lines(one)) for one in found) or "No role yet")
    if any(one["missing"] for one in found):
        raise typer.Exit(1)


def _told(settings: Settings, *, forget: bool) -> dict[str, Any]:
    import requests

    check_endpoint(settings)
    method = "DELETE" if forget else "GET"
    try:
        answer = requests.request(method, f"{settings.endpoint_url}{PATH}", timeout=SECONDS)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise StackError(
            f"{settings.endpoint_url} does not tell permissions ({error}): an older stack is"
            " running; `lake down` and `lake up` start this one"
        ) from error
    return document


def lines(role: Role) -> Iterator[str]:
    yield role["role"] if role["exists"] else f"{role['role']} (there is no such role)"
    yield "  used"
    for entry in role["used"]:
        last = datetime.fromtimestamp(entry["last"]).astimezone()
        times = f"{_times(entry)}, last {last:%Y-%m-%d %H:%M:%S}"
        yield f"    {entry['action']} on {entry['resource']}  ({times})"
    if not role["used"]:
        yield "    nothing yet"
    if role["left_out"]:
        yield f"    and {role['left_out']:,} calls on further resources, which are not listed"
    if role["unused"]:
        yield "  allowed, never used"
    for one in role["unused"]:
        yield f"    {', '.join(one['actions'])} on {one['resource']}  (policy {one['policy']})"
    if role["missing"]:
        yield "  needed, missing"
    for entry in role["missing"]:
        yield f"    {entry['action']} on {entry['resource']}  ({_times(entry)})"
        yield f"      {entry['because']}"
    if role["add"]:
        yield "  add to its policies"
    for statement in role["add"]:
        yield f"    {json.dumps(statement)}"


def _times(entry: dict[str, Any]) -> str:
    return "once" if entry["count"] == 1 else f"{entry['count']:,} times"
