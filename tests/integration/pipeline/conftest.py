"""A stack with the sample in it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.reader_role import Reader
from tests.support.stack import Stack, started_stack


@pytest.fixture(scope="package")
def filled(tmp_path_factory) -> Iterator[Stack]:
    """The pipeline is deployed, the sample replayed, the state machine was run once.

    All of it with the permissions of its template alone.
    """
    with started_stack(tmp_path_factory.mktemp("lake"), IAM_MODE="enforce") as running:
        running.lake("deploy")
        running.summary = json.loads(running.lake("replay", "--json"))
        running.first_run = json.loads(running.lake("run", "--json"))
        yield running


@pytest.fixture(scope="package")
def reader(filled: Stack) -> Reader:
    return Reader(filled)
