"""One edge, killed while all tests of this folder have something in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.ledgers import Deaths
from tests.support.process_stack import ProcessStack


@pytest.fixture(scope="package")
def deaths(tmp_path_factory) -> Iterator[Deaths]:
    aside = tmp_path_factory.mktemp("deaths")
    with ProcessStack(aside / "lake", logs=aside) as stack:
        stack.start_spark()
        stack.start_edge()
        deaths = Deaths(stack)
        deaths.write()
        yield deaths
