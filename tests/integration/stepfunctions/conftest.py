"""A state machine on the session's edge, by its states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.state_machines import Machine


@pytest.fixture
def machine(edge: Any) -> Callable[..., Machine]:
    client = edge.client("stepfunctions")
    return lambda states, **top: Machine(client, states, **top)
