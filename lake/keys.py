"""`lake keys`: the webhook's signing keys and the repository's token, in Secrets Manager."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from lake.settings import Settings
from pipeline.names import ResourceNames

keys = typer.Typer(
    no_args_is_help=True,
    help="Signing keys and the repository's token: they live in Secrets Manager, here and on AWS,"
    " and change without a deployment. No value is ever printed.",
)


class Kind(StrEnum):
    SIGNING_KEYS = "signing-keys"
    REPOSITORY_TOKEN = "repository-token"


KIND = Annotated[Kind, typer.Argument(help="What the value is")]
FILE = Annotated[
    Path | None,
    typer.Option("--file", help="Where the value stands; - reads stdin  [default: asked for]"),
]
AWS = Annotated[bool, typer.Option("--aws", help="In an AWS account, not in the local stack")]
PREFIX = Annotated[
    str | None, typer.Option("--prefix", help="The pipeline's  [default: PREFIX of .env]")
]
PROFILE = Annotated[
    str | None,
    typer.Option("--profile", help="Of ~/.aws/config, with --aws  [default: AWS_PROFILE]"),
]
REGION = Annotated[str | None, typer.Option("--region", help="With --aws")]


@keys.command()
def show(
    aws: AWS = False,
    prefix: PREFIX = None,
    profile: PROFILE = None,
    region: REGION = None,
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Tell what is set, how many keys and how old; exits with 1 where the webhook has no key."""

    def told(client: Any, names: ResourceNames) -> None:
        from aws_bootstrap import secret_values as values

        found = [{"kind": kind, **values.standing(client, _secret(kind, names))} for kind in Kind]
        if as_json:
            typer.echo(json.dumps(found))
        else:
            typer.echo("\n".join(_line(one) for one in found))
        if not found[0]["values"]:
            raise typer.Exit(1)

    _with(aws, prefix, profile, region, told)


@keys.command("set")
def set_(
    kind: KIND,
    file: FILE = None,
    aws: AWS = False,
    prefix: PREFIX = None,
    profile: PROFILE = None,
    region: REGION = None,
) -> None:
    """Put a value in place of the one that is there; signing keys with commas between them."""

    def put(client: Any, names: ResourceNames) -> None:
        from aws_bootstrap import secret_values as values

        text = _given(file, kind)
        name = _secret(kind, names)
        if kind is Kind.SIGNING_KEYS:
            values.put(client, name, values.checked_keys(text, in_public=aws))
        else:
            told = "Token by which `lake promote` pushes the packaged code"
            values.make_or_put(client, name, told, values.checked_token(text))
        typer.echo(f"Set {name}")

    _with(aws, prefix, profile, region, put)


@keys.command()
def rotate(
    file: FILE = None,
    aws: AWS = False,
    prefix: PREFIX = None,
    profile: PROFILE = None,
    region: REGION = None,
) -> None:
    """Put a new signing key before the others, made up or --file's: all are taken from then on."""

    def add(client: Any, names: ResourceNames) -> None:
        from aws_bootstrap import secret_values as values

        name = names.signing_keys_secret
        new = values.checked_keys(_read(file), in_public=aws) if file else values.new_key()
        old = values.keys_of(values.value_of(client, name))
        together = list(dict.fromkeys([*values.keys_of(new), *old]))
        values.put(client, name, ",".join(together))
        typer.echo(f"{name} holds {len(together)} keys, the new one first")
        typer.echo("Subscribe with it, then let go of the others: `lake keys retire`")

    _with(aws, prefix, profile, region, add)


@keys.command()
def retire(
    aws: AWS = False,
    prefix: PREFIX = None,
    profile: PROFILE = None,
    region: REGION = None,
) -> None:
    """Keep the newest signing key alone; warm functions take the others for five minutes more."""

    def keep_first(client: Any, names: ResourceNames) -> None:
        from aws_bootstrap import secret_values as values

        name = names.signing_keys_secret
        found = values.keys_of(values.value_of(client, name))
        if not found:
            raise values.SecretError(f"Expected signing keys in {name}, found none")
        if len(found) > 1:
            values.put(client, name, found[0])
        typer.echo(f"{name} holds 1 key; {len(found) - 1} retired")

    _with(aws, prefix, profile, region, keep_first)


def _with(
    aws: bool,
    prefix: str | None,
    profile: str | None,
    region: str | None,
    work: Callable[[Any, ResourceNames], None],
) -> None:
    """Do the work with a client of the side that is meant; what cannot be done is one message."""
    from lake import deployments, promotions
    from lake.clients import make_client

    if (profile or region) and not aws:
        raise typer.BadParameter("--profile and --region go with --aws")
    if aws and not prefix:
        raise typer.BadParameter("--aws needs --prefix, that of the promoted pipeline")
    with promotions.errors_shown():
        settings = Settings.from_env()
        names = deployments.names_of(prefix) if prefix else settings.names
        if aws:
            profile = profile or os.environ.get("AWS_PROFILE")
            client = promotions.account(profile, region).make_client("secretsmanager")
        else:
            client = make_client("secretsmanager", settings)
        work(client, names)


def _secret(kind: Kind, names: ResourceNames) -> str:
    if kind is Kind.SIGNING_KEYS:
        return names.signing_keys_secret
    return names.repository_token_secret


def _given(file: Path | None, kind: Kind) -> str:
    if file is None and sys.stdin.isatty():
        return str(typer.prompt(f"Value of {kind}", hide_input=True, confirmation_prompt=True))
    return _read(file or Path("-"))


def _read(file: Path) -> str:
    from aws_bootstrap.secret_values import SecretError

    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text()
    except (OSError, ValueError) as error:
        raise SecretError(f"Expected a text in {file}, found none that can be read") from error


def _line(one: dict[str, Any]) -> str:
    if not one["values"]:
        told = "not set"
    else:
        days = one["days_old"]
        told = f"{one['values']}, " + ("set today" if not days else f"{days} days old")
    return f"{one['kind']:<17} {one['secret']:<44} {told}"
