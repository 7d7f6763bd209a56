"""What tests share: an embedded stack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stack import Stack, started_stack


@pytest.fixture(scope="session")
def edge(tmp_path_factory) -> Iterator[Stack]:
    """No driver is started ahead."""
    with started_stack(tmp_path_factory.mktemp("edge"), SPARK_WARM_DRIVERS="0") as running:
        yield running
