"""How all tests are run: in lanes, and with an account of the time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lanes import Lanes
from tests.support.time_spent import TimeSpent


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(TimeSpent())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes:
    return Lanes(config, log)
