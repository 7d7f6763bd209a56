"""A Spark service by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.spark_service import Service, started_s3


@pytest.fixture(scope="package")
def service(tmp_path_factory) -> Iterator[Service]:
    with started_s3(tmp_path_factory.mktemp("s3")) as s3_url:
        service = Service(tmp_path_factory.mktemp("lake"), s3_url)
        service.s3.create_bucket(Bucket="code")
        service.s3.create_bucket(Bucket="data")
        service.start()
        yield service
        service.stop()
