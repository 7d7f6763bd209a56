"""A deployment of this repository: made for its target, planned, applied, told line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from botocore.exceptions import BotoCoreError, ClientError

from aws_bootstrap import plan, secret_values, target
from aws_bootstrap.apply import ApplyError
from aws_bootstrap.buckets import NotEmptiedError
from aws_bootstrap.code_pipeline import PipelineError
from aws_bootstrap.code_repository import RepositoryError
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.package import PackageError, package
from aws_bootstrap.production import Production, ProductionError
from lake import compose
from lake.clients import make_client
from lake.errors import StackError
from lake.jars import POM, jars_of
from lake.settings import ROOT, Settings
from pipeline.addresses import stack_outputs, webhook_url
from pipeline.names import ResourceNames

# The last two: no region or credentials, a refusal by AWS.
ERRORS = (
    ApplyError,
    NotEmptiedError,
    PackageError,
    PipelineError,
    RepositoryError,
    secret_values.SecretError,
    plan.PlanError,
    ProductionError,
    target.TargetError,
    StackError,
    BotoCoreError,
    ClientError,
)


def local_deployment(settings: Settings, prefix: str | None = None) -> Deployment:
    """The deployment of this repository to the local stack; without a prefix, the settings'."""
    where = local_target(settings, names_of(prefix) if prefix else settings.names)
    return deployment_of(where, settings, lambda kind: make_client(kind, settings))


def local_target(settings: Settings, names: ResourceNames) -> target.Target:
    values = settings.variables
    return target.local(
        names,
        settings.endpoint_url,
        compose.inner_endpoint_url(settings) or settings.endpoint_url,
        values["CALENDLY_SIGNING_KEYS"],
        require_signature=values["REQUIRE_SIGNATURE"] == "true",
        tolerance_seconds=int(values["SIGNATURE_TOLERANCE_SECONDS"]),
        code_branch=values["SOURCE_BRANCH"],
        production=Production.from_variables(values),
    )


def deployment_of(
    where: target.Target, settings: Settings, make_client: Callable[[str], Any]
) -> Deployment:
    """The deployment of this repository, with the jars that `make setup` fetched."""
    jars = [settings.jars_dir / jar.file_name for jar in jars_of(POM)]
    if missing := [path.name for path in jars if not path.exists()]:
        raise PackageError(
            f"Expected jars in {jars[0].parent}, found no {', '.join(missing)}: run `make setup`"
        )
    return Deployment(where, package(ROOT), jars, make_client)


def names_of(prefix: str) -> ResourceNames:
    try:
        return ResourceNames(prefix)
    except ValueError as error:
        raise target.TargetError(str(error)) from error


def carry_out(deployment: Deployment, *, apply: bool, quiet: bool) -> dict[str, Any]:
    """Plan and, where that is wanted, apply; return what was planned and done."""
    say = _silent if quiet else typer.echo
    cloudformation = deployment.make_client("cloudformation")
    planned = deployment.plan()
    say(plan.readable(planned) if planned else "No changes to the stack")
    report: dict[str, Any] = {"plan": planned.document() if planned else None, "uploaded": []}
    if not apply:
        if planned:
            plan.discard(cloudformation, planned)
        return report
    report["uploaded"] = deployment.apply(planned)
    for address in report["uploaded"]:
        say(f"  uploaded {address}")
    if deployment.has_other_keys():
        say(
            "The webhook keeps its signing keys, which are not those of CALENDLY_SIGNING_KEYS:"
            " `lake keys set signing-keys` changes them"
        )
    report["outputs"] = stack_outputs(cloudformation, deployment.names.stack)
    report["webhook_url"] = webhook_url(
        cloudformation, deployment.names.stack, deployment.target.endpoint_url
    )
    say(f"Webhook {report['webhook_url']}")
    return report


def _silent(_: str) -> None:
    """For output that a script reads: the JSON document only."""
