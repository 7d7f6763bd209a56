"""`lake promote`: the same pipeline in an AWS account, planned, reviewed, applied, removed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from lake.settings import Settings

PLAN = Path("plan.json")
OUT = typer.Option(PLAN, "--out", help="Where the plan is written")
FILE = typer.Argument(PLAN, help="The file that `lake promote plan` wrote")
PROFILE = typer.Option(
    None, "--profile", envvar="AWS_PROFILE", help="Profile of ~/.aws/config", show_default=False
)
REGION = typer.Option(None, "--region", help="AWS region  [default: the profile's]")
PREFIX = typer.Option(..., "--prefix", help="Begins the name of each resource, such as acme-lake")
HTML = typer.Option(None, "--html", help="Write the report as a page to this file")
KEYS = typer.Option(
    None,
    "--signing-keys",
    help="File (- for stdin) with the webhook's signing keys, used where Secrets Manager holds"
    " none yet  [default: a new key]",
)
REGION_OFFLINE = "us-east-1"
UNSIGNED = typer.Option(False, "--allow-unsigned", help="Accept deliveries without a signature")

promote = typer.Typer(
    no_args_is_help=True, help="Bring the pipeline to an AWS account: plan, apply, prove, destroy."
)


@promote.command()
def plan(
    prefix: str = PREFIX,
    profile: str | None = PROFILE,
    region: str | None = REGION,
    out: Path = OUT,
    allow_unsigned: bool = UNSIGNED,
    as_json: bool = typer.Option(False, "--json", help="Print the plan's JSON document"),
    offline: bool = typer.Option(
        False, "--offline", help="Check template, policies and state machine without an account"
    ),
) -> None:
    """Check the account and say what promoting would do; nothing is changed there."""
    from lake import promotions

    if offline:
        with promotions.errors_shown():
            document = promotions.checked_offline(
                Settings.from_env(), prefix, region or REGION_OFFLINE, allow_unsigned=allow_unsigned
            )
        _print(document, as_json)
        _refuse_failed(document)
        return
    with promotions.errors_shown():
        promotions.check_writable(out)
        document = promotions.planned(
            Settings.from_env(), prefix, profile, region, allow_unsigned=allow_unsigned
        )
        out.write_text(json.dumps(document, indent=2) + "\n")
    _print(document, as_json)
    _refuse_failed(document)
    if not as_json and not document["empty"]:
        typer.echo(f"Written to {out}. Apply exactly this: lake promote apply {out}")


@promote.command()
def apply(
    plan: Path = FILE,
    profile: str | None = PROFILE,
    keys: typer.FileText | None = KEYS,
) -> None:
    """Carry out a reviewed plan; repeated after an interruption, it goes on from there."""
    from lake import promotions

    with promotions.errors_shown():
        promotions.applied(Settings.from_env(), plan, profile, keys.read() if keys else None)


@promote.command()
def prove(
    prefix: str = PREFIX,
    profile: str | None = PROFILE,
    region: str | None = REGION,
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
    html: Path | None = HTML,
) -> None:
    """Run a fixed set of deliveries through both sides and compare every silver and gold table.

    Both use places of their own, which are removed again. Exits with 0 where all tables are equal,
    with 1 where one differs, with 2 where that could not be judged.
    """
    from lake import proofs

    proofs.shown(Settings.from_env(), prefix, profile, region, as_json=as_json, html=html)


@promote.command()
def destroy(
    prefix: str = PREFIX,
    profile: str | None = PROFILE,
    region: str | None = REGION,
    yes: bool = typer.Option(False, "--yes", "-y", help="Remove; without it, only say what"),
    delete_data: str = typer.Option(
        "",
        "--delete-data",
        help="Remove bronze, silver and gold as well: the prefix once more, as a confirmation",
    ),
) -> None:
    """Say what would be removed, and with --yes remove it; the data is kept unless asked twice."""
    from lake import promotions

    with promotions.errors_shown():
        promotions.destroyed(prefix, profile, region, yes=yes, delete_data=delete_data)


def _print(document: dict[str, Any], as_json: bool) -> None:
    from aws_bootstrap.promotion import offline, review

    lines = offline.readable if document.get("offline") else review.readable
    typer.echo(json.dumps(document) if as_json else "\n".join(lines(document)))


def _refuse_failed(document: dict[str, Any]) -> None:
    failed = [check for check in document["checks"] if check["state"] == "failed"]
    if failed:
        typer.echo(f"{len(failed)} of the checks have not passed: mend that first", err=True)
        raise typer.Exit(1)
