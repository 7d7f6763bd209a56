"""How all tests are run: in lanes, with an account of the time, and cleaned up after if ended."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from xdist.workermanage import NodeManager

from tests.support.lanes import Lanes
from tests.support.time_spent import TimeSpent

LEAVING_SECONDS = 60  # what a lane has to stop its stacks; xdist gives 10 and kills it


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(TimeSpent())
    signal.signal(signal.SIGTERM, _end)
    # A shell starts what runs in its background deaf to Ctrl-C, which all that is started inherits.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    NodeManager.EXIT_TIMEOUT = LEAVING_SECONDS


def _end(*_: Any) -> None:
    """As Ctrl-C does: the fixtures stop the stacks and unmount the disks that they have made."""
    signal.signal(signal.SIGTERM, lambda *_: None)
    raise KeyboardInterrupt("SIGTERM")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes:
    return Lanes(config, log)
