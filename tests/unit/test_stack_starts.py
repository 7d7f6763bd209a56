"""A supervisor that has just been started is not taken for one that has ended."""

from __future__ import annotations

import subprocess
import sys

import psutil

from lake import kin, stack


def test_a_process_is_alive_from_its_first_moment_whatever_it_shows_of_itself(tmp_path) -> None:
    """Of about each fourth, here, the command line is still empty then: it is becoming another."""
    for _ in range(60):
        started = subprocess.Popen(
            [sys.executable, "-S", "-c", "import time; time.sleep(60)"],
            env=kin.marks(tmp_path, kin.SUPERVISOR),
        )
        process = psutil.Process(started.pid)
        try:
            assert stack.is_alive(process)
        finally:
            started.kill()
            started.wait()
        assert not stack.is_alive(process)


def test_a_process_of_the_stack_is_found_by_its_folder_and_no_other_is(tmp_path) -> None:
    marks = kin.marks(tmp_path, "edge")
    elsewhere = kin.marks(tmp_path / "elsewhere", "edge")
    command = [sys.executable, "-S", "-c", "print(flush=True); import time; time.sleep(60)"]
    running = [
        subprocess.Popen(command, env=variables, stdout=subprocess.PIPE)
        for variables in (marks, elsewhere)
    ]
    try:
        for process in running:
            assert process.stdout is not None
            process.stdout.readline()
        found = {one.pid: part for one, part in kin.kin(tmp_path).items()}
        assert found == {running[0].pid: "edge"}
        assert kin.end(tmp_path, 5) == ["edge"]
        assert running[1].poll() is None
    finally:
        for process in running:
            process.kill()
            process.communicate()
