"""States that an earlier release has pickled can still be read."""

from __future__ import annotations

import pytest

from services.edge.service_state import pickles, stepfunctions


@pytest.mark.parametrize("name", ["MapRun", "_restored"])
def test_a_state_that_an_earlier_release_pickled_is_read(name):
    pickled = f"cservices.edge.store.executions\n{name}\n.".encode()
    assert pickles.loads(pickled) is getattr(stepfunctions, name)
