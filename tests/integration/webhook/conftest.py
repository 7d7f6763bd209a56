"""The pipeline deployed on the session's edge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stack import Stack


@pytest.fixture(scope="package")
def webhook(edge: Stack) -> Iterator[Stack]:
    """It is taken away again for those who deploy it after."""
    edge.lake("deploy")
    yield edge
    edge.remove_pipeline()
