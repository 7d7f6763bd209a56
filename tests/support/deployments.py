"""This repository, ready to be deployed to a test's endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aws_bootstrap import target
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.package import package
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
