"""A run of tests that is ended from outside, as by `timeout`, cleans up what its fixtures made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import time
import pytest

@pytest.fixture(scope="module")
def made():
    open("made", "w").close()
    yield
    open("cleaned", "w").close()

def test_that_goes_on(made):
    time.sleep(60)
"""


def test_a_run_that_is_asked_to_end_cleans_up(tmp_path):
    (tmp_path / "test_some.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "test_some.py"]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not (tmp_path / "made").exists():
        assert running.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == pytest.ExitCode.INTERRUPTED
    assert (tmp_path / "cleaned").exists()
