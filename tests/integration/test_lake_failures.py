"""What `lake` cannot do is told in a line with the cure: no traces, and not exit code 0."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from lake.settings import ROOT
from tests.support.stack import free_port

LAKE = str(Path(sys.executable).parent / "lake")
READING = (
    ("run",),
    ("sql", "SELECT * FROM gold_cpb_by_channel"),
    ("logs", "webhook"),
    ("replay", "--day", "2026-01-18"),
)


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    ports = {n: str(free_port()) for n in ("EDGE_PORT", "SPARK_PORT", "DASHBOARD_PORT")}
    own = {"MODE": "embedded", "LAKE_DIR": str(tmp_path), "LAKE_JARS": str(ROOT / ".lake/jars")}
    return {**os.environ, **own, **ports}


def failure(environment: dict[str, str], *words: str) -> str:
    """What the command says; it must have failed, and shown no trace of Python."""
    done = subprocess.run(
        [LAKE, *words], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    said = done.stdout + done.stderr
    assert done.returncode not in (0, -signal.SIGINT), said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SIGNATURE_TOLERANCE_SECONDS", "a day", "a whole number such as 90000"),
        ("EDGE_PORT", "70000", "a port number from 1 to 65535"),
        ("MODE", "both", "embedded, compose or empty"),
    ],
)
def test_a_setting_of_another_kind_is_named_with_what_it_takes(environment, name, value, expected):
    said = failure({**environment, name: value}, "status")
    assert said == f"{name} must be {expected}, found {value!r}; see .env\n"


def test_a_folder_that_cannot_be_made_is_named(environment, tmp_path):
    (tmp_path / "file").touch()
    said = failure({**environment, "LAKE_DIR": str(tmp_path / "file" / "lake")}, "up")
    assert f"LAKE_DIR ({tmp_path}/file/lake) cannot be written: Not a directory." in said
    assert "set another LAKE_DIR in .env" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_without_a_stack_a_command_says_how_to_start_it(environment, words):
    assert failure(environment, *words) == (
        f"Nothing answers at http://127.0.0.1:{environment['EDGE_PORT']}: `lake status` shows the"
        " stack, `lake up` starts it\n"
    )


def test_without_a_stack_status_shows_each_part_as_down(environment, tmp_path):
    lines = failure(environment, "status").splitlines()
    assert lines[0] == f"Stack      processes, data in {tmp_path}"
    assert [line.split()[:2] for line in lines[1:]] == [
        ["edge", "down"],
        ["spark", "down"],
        ["dashboard", "down"],
    ]


class Page(BaseHTTPRequestHandler):
    """Another program's: a page for whatever is asked."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "21")
        self.end_headers()
        self.wfile.write(b"<html>Welcome!</html>")

    do_POST = do_PUT = do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def other(environment) -> Iterator[dict[str, str]]:
    server = ThreadingHTTPServer(("127.0.0.1", int(environment["EDGE_PORT"])), Page)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield environment
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("words", (READING[0], ("deploy",)), ids=lambda words: words[0])
def test_another_server_at_the_endpoint_is_told_apart_from_the_stack(other, words):
    assert failure(other, *words) == (
        f"Another program answers at http://127.0.0.1:{other['EDGE_PORT']}: stop it, or set"
        " EDGE_PORT in .env\n"
    )


class Stopping(Page):
    """Healthy, and gone with the next call: as a stack that is stopped under a command."""

    def do_GET(self) -> None:
        answer = b'{"services": {}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_POST(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True


def test_a_stack_that_stops_under_a_command_is_told(environment):
    server = ThreadingHTTPServer(("127.0.0.1", int(environment["EDGE_PORT"])), Stopping)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        said = failure(environment, "run")
    finally:
        server.shutdown()
        server.server_close()
    assert "Is the stack running? `lake status` tells, `lake up` starts it." in said
    assert len(said.splitlines()) == 1


def test_a_taken_port_is_named_with_its_holder_and_the_setting(environment):
    with socket.create_server(("127.0.0.1", int(environment["SPARK_PORT"]))):
        said = failure(environment, "up")
    port = environment["SPARK_PORT"]
    assert f"Port {port} is taken by another program (" in said
    assert f"process {os.getpid()}): stop it, or set SPARK_PORT in .env" in said


@pytest.mark.parametrize("seconds", [0.5, 1.5])
def test_ctrl_c_while_the_command_is_being_loaded_is_a_line(environment, seconds):
    command = subprocess.Popen(
        [LAKE, "logs", "edge", "--follow"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    time.sleep(seconds)
    command.send_signal(signal.SIGINT)
    said = command.communicate(timeout=60)[0]
    # Before the first line of ours Python itself ends by the signal, or tells of it.
    assert command.returncode != 0
    assert "Traceback" not in said or seconds < 0.3
    assert len(said.splitlines()) <= 1 or seconds < 0.3


def test_an_engine_that_is_gone_is_told(environment):
    gone = {**environment, "MODE": "compose", "PATH": str(Path(sys.executable).parent)}
    said = failure(gone, "up")
    assert "docker cannot be run" in said
    assert "Install it, or set MODE=embedded" in said


def test_an_engine_that_goes_while_it_is_asked_is_told(environment, tmp_path):
    """`docker info` and `docker compose version` answer, everything else fails."""
    tool = tmp_path / "bin" / "docker"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\n[ "$1" = info ] || [ "$2" = version ] || exit 1\n')
    tool.chmod(0o755)
    path = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"
    for words in (("up",), ("down",)):
        said = failure({**environment, "MODE": "compose", "PATH": path}, *words)
        assert "ended with 1" in said or "failed, see above" in said, words
        assert "MODE=embedded" in said or "failed" in said, words


def test_up_starts_what_was_there_last_and_not_the_other_with_other_data(environment, tmp_path):
    """The last stack was in containers, and there is no engine now."""
    (tmp_path / "last-stack").write_text("compose\n")
    path = str(Path(sys.executable).parent)
    said = failure({**environment, "MODE": "", "PATH": path}, "up")
    assert "The stack was in containers when it was last started" in said
    assert "start the engine, or set MODE=embedded" in said
    assert "containers, data in the volumes" in failure(
        {**environment, "MODE": "", "PATH": path}, "status"
    )
