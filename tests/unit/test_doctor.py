"""What `lake doctor` says of a machine: a verdict for each check, and the cure where it is ill."""

from __future__ import annotations

import json
import socket
from collections import namedtuple

import pytest

from lake import machine, version_checks
from lake.doctor import line
from lake.machine import Finding, credentials, disk, memory
from lake.version_checks import emr_release, packages
from tests.support.console_lake import console

ENDPOINT = "http://127.0.0.1:4566"
Memory = namedtuple("Memory", "available")
Usage = namedtuple("Usage", "free")
GIB = 2**30


@pytest.mark.parametrize(("free", "state"), [(8 * GIB, "ok"), (2 * GIB, "warn"), (GIB, "fail")])
def test_memory_is_judged_by_what_the_stack_and_a_job_need(monkeypatch, free, state):
    monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: Memory(free))
    assert memory().state == state


@pytest.mark.parametrize(
    ("free", "state"), [(9 * GIB, "ok"), (2 * GIB, "warn"), (GIB // 2, "fail")]
)
def test_room_is_looked_for_where_the_folder_will_be(monkeypatch, tmp_path, free, state):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: Usage(free))
    found = disk(tmp_path / "not" / "there" / "yet")
    assert (found.state, str(tmp_path) in found.told) == (state, True)


@pytest.mark.parametrize(
    ("variables", "state"),
    [
        ({}, "ok"),
        ({"AWS_ACCESS_KEY_ID": "test"}, "ok"),
        ({"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}, "fail"),
        ({"AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE", "AWS_ENDPOINT_URL": ENDPOINT}, "warn"),
        ({"AWS_PROFILE": "work"}, "warn"),
    ],
)
def test_credentials_of_a_real_account_are_seen_and_never_shown(variables, state):
    [found] = credentials(variables, ENDPOINT)
    assert found.state == state
    assert "IOSFODNN7" not in f"{found}"
    assert (ENDPOINT in found.cure) == (state != "ok")


def test_packages_are_compared_with_their_pins(monkeypatch):
    monkeypatch.setattr(version_checks, "_installed", lambda _: "1.0")
    pins = version_checks.ROOT / "requirements" / "dev.txt"
    [found] = packages(pins)
    assert (found.state, found.cure) == ("fail", "`make setup`")
    assert "1.0 instead of" in found.told


def test_another_spark_than_the_emr_release_s_fails(monkeypatch):
    assert emr_release().state == "ok"
    versions = {"pyspark": "3.5.4", "delta-spark": "3.3.2"}
    monkeypatch.setattr(version_checks, "_installed", versions.get)
    found = emr_release()
    assert (found.state, "pyspark 3.5.4, not 3.5.6" in found.told) == ("fail", True)


def test_the_command_tells_each_check_with_its_cure_and_fails_with_one(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        settings = {"MODE": "embedded", "LAKE_DIR": str(tmp_path), "DASHBOARD_PORT": taken}
        done = console(settings, "doctor", "--json")
    found = {one["name"]: one for one in json.loads(done.stdout)}
    assert done.returncode == 1
    assert found["ports"]["state"] == "fail"
    assert taken in found["ports"]["told"]
    assert found["ports"]["cure"] == "stop it, or set DASHBOARD_PORT in .env"
    assert found["python"]["state"] == found["java"]["state"] == "ok"


def test_settings_that_cannot_be_read_are_one_finding_of_it(tmp_path):
    done = console({"LAKE_DIR": str(tmp_path), "EDGE_PORT": "many"}, "doctor")
    assert done.returncode == 1
    assert "fail  settings       EDGE_PORT must be a port number" in done.stdout


def test_two_parts_of_the_stack_at_one_port_are_refused(tmp_path):
    ports = {"EDGE_PORT": "45454", "DASHBOARD_PORT": "45454"}
    done = console({"LAKE_DIR": str(tmp_path), **ports}, "status")
    assert done.returncode == 1
    expected = "EDGE_PORT and DASHBOARD_PORT must be different ports, found 45454; see .env"
    assert expected in done.stdout + done.stderr


def test_a_cure_stands_below_what_was_found():
    told = line(Finding("disk", "warn", "2.0 GiB free", "make room"))
    assert told.splitlines() == ["warn  disk           2.0 GiB free", f"{'':<20} -> make room"]
