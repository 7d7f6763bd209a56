"""A deployment of this repository: made for its target, planned, applied, told line by line."""

from __future__ import annotations

from typing import Any

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

from aws_bootstrap import plan, target
from aws_bootstrap.apply import ApplyError
from aws_bootstrap.code_pipeline import PipelineError
from aws_bootstrap.code_repository import RepositoryError
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.package import PackageError, package
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
    PackageError,
    PipelineError,
    RepositoryError,
    plan.PlanError,
    target.TargetError,
    StackError,
    BotoCoreError,
    ClientError,
)


def deployment_to(
    name: str,
    settings: Settings,
    *,
    prefix: str | None = None,
    allow_unsigned: bool = False,
) -> Deployment:
    """The deployment of this repository to `local` or `aws`; without a prefix, the settings'."""
    names = _names(prefix) if prefix else settings.names
    values = settings.variables
    keys, tolerance = values["CALENDLY_SIGNING_KEYS"], int(values["SIGNATURE_TOLERANCE_SECONDS"])
    jars = [settings.jars_dir / jar.file_name for jar in jars_of(POM)]
    if missing := [path.name for path in jars if not path.exists()]:
        raise PackageError(
            f"Expected jars in {jars[0].parent}, found no {', '.join(missing)}: run `make setup`"
        )
    if name == "local":
        where = target.local(
            names,
            settings.endpoint_url,
            compose.inner_endpoint_url(settings) or settings.endpoint_url,
            keys,
            require_signature=values["REQUIRE_SIGNATURE"] == "true",
            tolerance_seconds=tolerance,
            code_branch=values["SOURCE_BRANCH"],
        )
        return Deployment(where, package(ROOT), jars, lambda kind: make_client(kind, settings))
    if name == "aws":
        where = target.aws(
            names,
            keys,
            allow_unsigned=allow_unsigned,
            tolerance_seconds=tolerance,
            repository_url=values["SOURCE_REPOSITORY_URL"],
            connection_arn=values["SOURCE_CONNECTION_ARN"],
            code_branch=values["SOURCE_BRANCH"],
        )
        session: Any = boto3.session.Session()
        return Deployment(where, package(ROOT), jars, session.client)
    raise target.TargetError(f"Expected target local or aws, found {name!r}")


def carry_out(
    deployment: Deployment, *, apply: bool, confirmed: bool, quiet: bool
) -> dict[str, Any]:
    """Plan and, where that is wanted, apply; return what was planned and done."""
    say = _silent if quiet else typer.echo
    cloudformation = deployment.make_client("cloudformation")
    planned = deployment.plan()
    say(plan.readable(planned) if planned else "No changes to the stack")
    report: dict[str, Any] = {
        "target": deployment.target.name,
        "plan": planned.document() if planned else None,
        "uploaded": [],
        "refused": bool(apply and deployment.target.name == "aws" and not confirmed),
    }
    if not apply or report["refused"]:
        if planned:
            plan.discard(cloudformation, planned)
        if report["refused"]:
            typer.echo("Not applied: repeat with --yes to change the AWS account", err=True)
        return report
    report["uploaded"] = deployment.apply(planned)
    for address in report["uploaded"]:
        say(f"  uploaded {address}")
    report["outputs"] = stack_outputs(cloudformation, deployment.names.stack)
    report["webhook_url"] = webhook_url(
        cloudformation, deployment.names.stack, deployment.target.endpoint_url
    )
    say(f"Webhook {report['webhook_url']}")
    return report


def _names(prefix: str) -> ResourceNames:
    try:
        return ResourceNames(prefix)
    except ValueError as error:
        raise target.TargetError(str(error)) from error


def _silent(_: str) -> None:
    """For output that a script reads: the JSON document only."""
