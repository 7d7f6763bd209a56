"""A lake of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.crawled_lake import Lake


@pytest.fixture
def lake(edge: Any) -> Iterator[Lake]:
    lake = Lake(edge)
    yield lake
    for name in lake.crawlers:
        lake.ended(name)
        lake.glue.delete_crawler(Name=name)
