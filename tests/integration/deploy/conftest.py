"""The stack on the live edge, made over an older one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from aws_bootstrap.deployment import Deployment
from tests.support.deployments import before_secrets, deployment_of
from tests.support.stacks import TestStack


@pytest.fixture(scope="package")
def deployment(edge: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Over a stack of the time when the signing keys were one of its parameters."""
    made = deployment_of(edge, tmp_path_factory.mktemp("jars"))
    made.upload_parts()
    template, parameters = before_secrets(made)
    older = TestStack(edge, "project6")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    assert older.create(template, Parameters=given) == "CREATE_COMPLETE", older.failures()
    made.apply(made.plan())
    yield made
    edge.remove_pipeline()
