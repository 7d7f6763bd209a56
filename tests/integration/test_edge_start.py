"""The edge is asked to end while it starts."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until


def test_a_stop_that_comes_while_the_edge_starts_is_not_forgotten(tmp_path):
    log = tmp_path / "edge.log"
    with ProcessStack(tmp_path) as stack:

        def stop() -> None:
            until(log.exists, bool, 60)
            until(log.read_text, lambda text: "LocalStack version" in text, 60)
            time.sleep(0.1)  # LocalStack takes signals from here on, and serves a second later
            os.kill(stack.running("edge").pid, signal.SIGTERM)

        threading.Thread(target=stop).start()
        with pytest.raises(AssertionError, match="edge ended at its start"):
            stack.start_edge()
        assert stack.running("edge").wait(30) == 0
    assert "received signal 15" in log.read_text()
