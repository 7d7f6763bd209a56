"""This repository, ready to be deployed to a test's endpoint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from aws_bootstrap import target
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.package import package
from aws_bootstrap.promotion.permissions import template_of
from lake.settings import ROOT
from pipeline.names import ResourceNames

SEED = ResourceNames()


def deployment_of(stack: Any, jars_folder: Path, names: ResourceNames = SEED) -> Deployment:
    """Jars that no test runs are stood in for by two small files, of which the jobs name one."""
    jars = [jars_folder / "delta-spark.jar", jars_folder / "joda-time.jar"]
    for jar in jars:
        jar.write_bytes(jar.name.encode())
    where = target.local(
        *(names, stack.url, stack.url, "a-key"),
        require_signature=False,
        tolerance_seconds=90000,
        code_branch="deploy",
    )
    return Deployment(where, package(ROOT), jars, stack.client)


def before_secrets(deployment: Deployment) -> tuple[dict[str, Any], dict[str, str]]:
    """The template and its parameters as they were when the signing keys were one of these."""
    template = template_of(deployment.package.template)
    template["Parameters"]["CalendlySigningKeys"] = {"Type": "String", "NoEcho": True}
    resources = template["Resources"]
    del resources["SigningKeys"]
    role, function = (resources[name]["Properties"] for name in ("LambdaRole", "IngestionFunction"))
    role["Policies"] = [one for one in role["Policies"] if one["PolicyName"] != "read-signing-keys"]
    variables = function["Environment"]["Variables"]
    del variables["SIGNING_KEYS_SECRET"]
    variables["CALENDLY_SIGNING_KEYS"] = {"Ref": "CalendlySigningKeys"}
    return template, {**deployment.parameters, "CalendlySigningKeys": "a-key"}


def with_template(deployment: Deployment, old: str, new: str) -> Deployment:
    """The deployment with another template."""
    template = deployment.package.template
    assert old in template
    changed = template.replace(old, new)
    return replace(deployment, package=replace(deployment.package, template=changed))
