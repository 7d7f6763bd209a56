"""What tests share: an embedded stack, and an edge whose jobs are plain processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.process_stack import ProcessStack
from tests.support.stack import Stack, started_stack


@pytest.fixture(scope="session")
def edge(tmp_path_factory) -> Iterator[Stack]:
    """No driver is started ahead."""
    with started_stack(tmp_path_factory.mktemp("edge"), SPARK_WARM_DRIVERS="0") as running:
        yield running


@pytest.fixture(scope="session")
def processes(tmp_path_factory) -> Iterator[ProcessStack]:
    """For what starts, watches and stops jobs that need no Spark."""
    with ProcessStack(tmp_path_factory.mktemp("processes")) as running:
        running.start_edge()
        running.start_spark()
        yield running
