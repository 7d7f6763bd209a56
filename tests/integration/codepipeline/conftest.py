"""Pipelines, a bucket and a repository of a test's own."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.support.git_client import WorkTree
from tests.support.pipelines import Pipelines


@pytest.fixture(scope="session")
def pipelines(edge: Any) -> Pipelines:
    return Pipelines(edge.client)


@pytest.fixture
def bucket(pipelines: Pipelines) -> str:
    name = f"deployed-{uuid.uuid4().hex[:8]}"
    pipelines.s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def repository() -> str:
    return f"acme/code-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def tree(edge: Any, repository: str, tmp_path: Path) -> WorkTree:
    return WorkTree(tmp_path / "work", f"{edge.url}/_git/{repository}.git")
