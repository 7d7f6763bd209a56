"""What tests share: an embedded stack, one with the sample in it, a Spark service by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.spark_service import Service, started_s3
from tests.support.stack import Stack, started_stack


@pytest.fixture(scope="session")
def edge(tmp_path_factory) -> Iterator[Stack]:
    """No driver is started ahead."""
    with started_stack(tmp_path_factory.mktemp("edge"), SPARK_WARM_DRIVERS="0") as running:
        yield running


@pytest.fixture(scope="module")
def webhook(edge: Stack) -> Iterator[Stack]:
    """The pipeline is deployed, and taken away again for those who deploy it after."""
    edge.lake("deploy")
    yield edge
    edge.remove_pipeline()


@pytest.fixture(scope="session")
def filled(tmp_path_factory) -> Iterator[Stack]:
    """The pipeline is deployed, the sample replayed, the state machine was run once."""
    with started_stack(tmp_path_factory.mktemp("lake")) as running:
        running.lake("deploy")
        running.summary = json.loads(running.lake("replay", "--json"))
        running.first_run = json.loads(running.lake("run", "--json"))
        yield running


@pytest.fixture(scope="session")
def service(tmp_path_factory) -> Iterator[Service]:
    with started_s3(tmp_path_factory.mktemp("s3")) as s3_url:
        service = Service(tmp_path_factory.mktemp("lake"), s3_url)
        service.s3.create_bucket(Bucket="code")
        service.s3.create_bucket(Bucket="data")
        service.start()
        yield service
        service.stop()
