"""Pipelines, a bucket and a repository of a test's own."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.support.git_client import WorkTree
from tests.support.pipelines import Pipelines, approval, deploy, source, stage


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


@pytest.fixture
def held(pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree) -> str:
    """A pipeline that asks for approval before it deploys, and has a commit."""
    tree.push_files("First", {"a.txt": "1"})
    return pipelines.create(
        stage("Source", source(repository)),
        stage("Release", approval()),
        stage("Deploy", deploy(bucket)),
    )
