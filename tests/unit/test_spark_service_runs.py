"""Runs: which requests are taken, in which order they start, and what outlives a restart."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from services.spark.runs import (
    Queue,
    RequestError,
    Run,
    Runs,
    changed,
    new_run,
    next_to_start,
    requested,
    target,
)


def _run(run_id: str, state: str = "QUEUED", arguments: list[str] | None = None) -> Run:
    body = {"run_id": run_id, "entry_point": "s3://c/job.py", "arguments": arguments or [run_id]}
    return {**new_run(requested(body), 100.0), "state": state}


def test_a_request_gets_the_defaults_of_what_it_leaves_out() -> None:
    assert requested({"run_id": "r1", "entry_point": "s3://c/job.py", "conf": None}) == {
        "run_id": "r1",
        "entry_point": "s3://c/job.py",
        "name": "r1",
        "kind": "emr",
        "arguments": [],
        "spark_submit_parameters": "",
        "conf": {},
        "environment": {},
        "role": {},
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"run_id": "../../etc"}, "expected run_id to match"),
        ({"run_id": ""}, "expected run_id to match"),
        ({"entry_point": None}, "expected entry_point"),
        ({"kind": "hive"}, "expected kind to be one of emr, glue, shell, found 'hive'"),
        ({"arguments": "a b"}, "expected arguments to be like []"),
        ({"arguments": [1]}, "expected arguments to be like []"),
        ({"conf": {"spark.x": 1}}, "expected conf to be like {}"),
    ],
)
def test_a_request_that_is_no_run_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError) as refused:
        requested({"run_id": "r1", "entry_point": "s3://c/job.py", **changes})
    assert message in str(refused.value)


def test_options_do_not_change_what_a_run_writes_to() -> None:
    plain = _run("a", arguments=["bronze", "events/", "silver"])
    full = _run("b", arguments=["bronze", "events/", "silver", "--window-days", "7", "--full"])

    assert target(plain) == target(full) == ("s3://c/job.py", "bronze", "events/", "silver")


def test_a_queued_run_waits_for_the_run_with_its_target_and_others_pass_it() -> None:
    going = _run("a", "RUNNING", ["bronze", "silver"])
    same = _run("b", arguments=["bronze", "silver"])
    other = _run("c", arguments=["silver", "gold"])

    assert next_to_start([going, same, other], limit=2) == other
    assert next_to_start([going, same], limit=2) is None
    assert next_to_start([{**going, "state": "FAILED"}, same], limit=2) == same


def test_no_run_starts_beyond_the_limit() -> None:
    runs = [_run("a", "RUNNING"), _run("b", "RUNNING"), _run("c")]

    assert next_to_start(runs, limit=2) is None
    assert next_to_start(runs, limit=3) == runs[2]


def test_a_run_that_has_ended_does_not_change_any_more() -> None:
    cancelled = {**_run("a"), "state": "CANCELLED", "version": 3}

    assert changed(cancelled, {"state": "SUCCEEDED"}) == cancelled
    assert changed(_run("a"), {"state": "RUNNING"})["version"] == 1


def test_the_same_id_is_one_run(tmp_path: Path) -> None:
    runs = Runs(tmp_path)

    assert runs.add(_run("a", arguments=["first"]))[1] is True
    again, is_new = runs.add(_run("a", arguments=["second"]))

    assert (again["arguments"], is_new) == (["first"], False)


def test_runs_that_went_on_when_the_service_stopped_are_failed_by_the_next(tmp_path: Path) -> None:
    before = Runs(tmp_path)
    for run_id in ("going", "waiting", "done"):
        before.add(_run(run_id))
    before.change("going", state="RUNNING", started_at=101.0)
    before.change("done", state="SUCCEEDED", exit_code=0)

    after = Runs(tmp_path)

    cause = "the Spark service stopped while the run was going on"
    assert {run["run_id"]: (run["state"], run["error"]) for run in after.all()} == {
        "done": ("SUCCEEDED", None),
        "going": ("FAILED", cause),
        "waiting": ("FAILED", cause),
    }


def test_a_reader_is_told_of_a_change_at_once_and_else_waits_its_time(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(_run("a"))
    threading.Timer(0.2, lambda: runs.change("a", state="RUNNING")).start()

    since = time.monotonic()
    seen = runs.wait("a", after=0, seconds=20)
    assert seen is not None and seen["state"] == "RUNNING"
    assert 0.1 < time.monotonic() - since < 5

    since = time.monotonic()
    assert runs.wait("a", after=1, seconds=0.3) == seen
    assert time.monotonic() - since >= 0.3


def test_the_queue_runs_all_and_never_more_than_its_limit(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    most: list[int] = []

    def execute(run: Run) -> None:
        most.append(len(runs.in_state("RUNNING")))
        time.sleep(0.02)
        runs.change(run["run_id"], state="SUCCEEDED")

    Queue(runs, 2, execute)
    for number in range(7):
        runs.add(_run(f"r{number}"))

    for number in range(7):
        ended = runs.wait(f"r{number}", after=1_000, seconds=10)
        assert ended is not None and ended["state"] == "SUCCEEDED"
    assert len(most) == 7 and max(most) <= 2
