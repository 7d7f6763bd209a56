"""A promotion of this repository: its account found, planned, applied or removed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from botocore.exceptions import BotoCoreError, ClientError

from aws_bootstrap import secret_values, target
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.production import Production
from aws_bootstrap.promotion import carry_out, cloud, offline, plan_file, removal, subscription
from aws_bootstrap.promotion.cloud import Cloud, PromotionError
from lake import costs, deployments
from lake.settings import Settings
from pipeline.addresses import webhook_url
from pipeline.names import ResourceNames

LOCAL_TOKEN = "local-calendly-token"  # of the simulator
ERRORS = (PromotionError, subscription.SubscriptionError, *deployments.ERRORS)


@contextmanager
def errors_shown() -> Iterator[None]:
    """What cannot be done is one message, and exit code 1."""
    try:
        yield
    except ERRORS as error:
        typer.echo(told(error), err=True)
        raise typer.Exit(1) from error


def told(error: Exception) -> str:
    """The message of an error; of AWS's own with its cure."""
    return cloud.explained(error) if isinstance(error, ClientError | BotoCoreError) else str(error)


def account(profile: str | None, region: str | None) -> Cloud:
    """The account of the profile, else of the keys in the environment."""
    if profile:  # it has an address and a region of its own; a shell may have the local stack's
        for name in ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
            os.environ.pop(name, None)
    return cloud.identify(cloud.session(profile, region), profile)


def check_writable(out: Path) -> None:
    """Before the account is looked at, which takes a while."""
    if out.is_dir() or not out.parent.is_dir():
        found = "a folder" if out.is_dir() else f"no folder {out.parent}"
        raise PromotionError(f"Expected a file for the plan by --out {out}, found {found}")


def planned(
    settings: Settings,
    prefix: str,
    profile: str | None,
    region: str | None,
    *,
    allow_unsigned: bool,
) -> dict[str, Any]:
    found = account(profile, region)
    deployment = _deployment(settings, prefix, found, allow_unsigned=allow_unsigned)
    laptop = deployments.local_target(settings, ResourceNames(prefix))
    document = plan_file.make(found, deployment, laptop.parameters)
    cost = {"cost": costs.known(settings), "waiting_usd_an_hour": costs.waiting(settings)}
    return {**document, "allow_unsigned": allow_unsigned, **cost}


def checked_offline(
    settings: Settings, prefix: str, region: str, *, allow_unsigned: bool
) -> dict[str, Any]:
    """What can be said without an account, as the plan says it."""
    names = deployments.names_of(prefix)
    where = _target(settings, names, allow_unsigned=allow_unsigned)
    deployment = deployments.deployment_of(where, settings, _no_client)
    bucket = names.deploy_bucket(offline.ACCOUNT, region)
    package = deployment.package
    return offline.document(
        package.template,
        package.parts[package.state_machine_key],
        deployment.parameters_with(bucket),
        region,
        prefix,
    )


def applied(settings: Settings, path: Path, profile: str | None, keys: str | None = None) -> None:
    """`keys` are for a webhook whose secret holds none yet; by default a new one is made up."""
    if keys is not None:
        keys = secret_values.checked_keys(keys, in_public=True)
    plan = plan_file.read(path)
    found = account(profile, plan["region"])
    deployment = _deployment(
        settings, plan["prefix"], found, allow_unsigned=plan["allow_unsigned"], keys=keys
    )
    try:
        uploaded = carry_out.carry_out(plan, found, deployment, typer.echo)
    except KeyboardInterrupt:
        typer.echo(
            "Interrupted. What AWS has begun it goes on with or rolls back;"
            f" `lake promote apply {path}` tells which, and goes on",
            err=True,
        )
        raise typer.Exit(130) from None
    for address in uploaded:
        typer.echo(f"  uploaded {address}")
    url = webhook_url(found.make_client("cloudformation"), plan["prefix"], None)
    typer.echo(f"Applied. Webhook {url}")
    typer.echo(_subscribed(settings, url, found, deployment.names.signing_keys_secret))


def destroyed(
    prefix: str, profile: str | None, region: str | None, *, yes: bool, delete_data: str
) -> None:
    names = deployments.names_of(prefix)
    if delete_data not in ("", prefix):
        raise PromotionError(
            f"--delete-data takes the prefix once more as a confirmation: expected {prefix!r},"
            f" found {delete_data!r}"
        )
    found = account(profile, region)
    inventory = removal.inventory(found, names, with_data=bool(delete_data))
    for line in removal.readable(inventory):
        typer.echo(line)
    if not yes:
        typer.echo("Nothing was removed: repeat with --yes to remove it")
        return
    removal.remove(found, names, inventory, typer.echo)
    for line in removal.left(found, names):
        typer.echo(f"  left: {line}")


def _subscribed(settings: Settings, webhook: str, found: Cloud, secret: str) -> str:
    """Subscribe the webhook where a token is given, and say what became of it."""
    values = settings.variables
    api, token = values["CALENDLY_API_URL"].rstrip("/"), values["CALENDLY_TOKEN"]
    if not token or (api == subscription.CALENDLY and token == LOCAL_TOKEN):
        return subscription.by_hand(webhook, secret)
    keys = secret_values.keys_of(
        secret_values.value_of(found.make_client("secretsmanager"), secret)
    )
    account = subscription.Account(api, token)
    kept = subscription.ensure(account, webhook, keys[0] if keys else None)
    if kept.missing:
        return (
            f"Kept the subscription {kept.uri}, which does not deliver"
            f" {', '.join(kept.missing)}: delete it in Calendly and repeat the apply"
        )
    return f"{'Made' if kept.made else 'Kept'} the subscription {kept.uri} in Calendly"


def _deployment(
    settings: Settings, prefix: str, found: Cloud, *, allow_unsigned: bool, keys: str | None = None
) -> Deployment:
    names = deployments.names_of(prefix)
    where = _target(settings, names, allow_unsigned=allow_unsigned, keys=keys)
    return deployments.deployment_of(where, settings, found.make_client)


def _target(
    settings: Settings, names: ResourceNames, *, allow_unsigned: bool, keys: str | None = None
) -> target.Target:
    values = settings.variables
    return target.aws(
        names,
        keys or secret_values.new_key(),
        allow_unsigned=allow_unsigned,
        tolerance_seconds=int(values["SIGNATURE_TOLERANCE_SECONDS"]),
        repository_url=values["SOURCE_REPOSITORY_URL"],
        connection_arn=values["SOURCE_CONNECTION_ARN"],
        code_branch=values["SOURCE_BRANCH"],
        production=Production.from_variables(values),
    )


def _no_client(kind: str) -> Any:
    raise AssertionError(f"Expected no call of {kind} while nothing but files is checked")
