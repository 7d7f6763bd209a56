"""A database of a test's own, and a partitioned table in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.data_catalog import KEYS, definition


@pytest.fixture(scope="session")
def glue(edge: Any) -> Any:
    return edge.client("glue")


@pytest.fixture
def database(glue: Any) -> Iterator[str]:
    name = f"db_{uuid.uuid4().hex[:8]}"
    glue.create_database(DatabaseInput={"Name": name})
    yield name
    glue.delete_database(Name=name)


@pytest.fixture
def table(glue: Any, database: str) -> str:
    """Partitioned by year and place."""
    glue.create_table(DatabaseName=database, TableInput=definition("t", PartitionKeys=KEYS))
    return "t"
