"""The Spark service over HTTP, without a stack: what it accepts, follows, cancels, survives."""

from __future__ import annotations

import signal
import time
import uuid
from typing import Any

import pytest

from services.spark.guard import members
from tests.support.spark_service import Service, descendants, until


@pytest.mark.parametrize("entry_point", ["s3://code/none.py", "s3://none/job.py", "/none/job.py"])
def test_a_missing_script_fails_its_run_at_once_and_is_named(
    service: Service, entry_point: str
) -> None:
    run_id = service.submit("", entry_point=entry_point)
    run = service.until(run_id, "FAILED", seconds=10)

    assert f"{entry_point} does not exist" in run["error"]
    assert run["ui_url"] is None


def has_python_workers(service: Service) -> bool:
    return any("pyspark.daemon" in command for command in descendants(service.folder))


def test_a_cancelled_run_leaves_no_process_and_one_that_waits_for_it_can_be_cancelled(
    service: Service,
) -> None:
    script = """
import os, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(os.getsid(0), flush=True)
spark.sparkContext.parallelize(range(2), 2).map(lambda n: time.sleep(600)).collect()
"""
    going = service.submit(script)
    entry_point = service.get(going)["entry_point"]
    until(lambda: service.log(going, "stdout").endswith("\n"), 120)
    session = int(service.log(going, "stdout"))
    waiting = service.submit("", entry_point=entry_point)
    time.sleep(1)
    assert service.get(waiting)["state"] == "QUEUED"
    assert members(session)
    until(lambda: has_python_workers(service), 60)

    assert service.cancel(waiting)["state"] == "CANCELLED"
    since = time.time()
    cancelled = service.cancel(going)

    assert cancelled["state"] == "CANCELLED" and cancelled["ended_at"] - since < 2
    assert members(session) == set()
    assert not has_python_workers(service)
    assert service.cancel(going) == cancelled


def test_a_run_cancelled_while_its_jvm_is_being_started_never_begins(service: Service) -> None:
    script = "import time\nprint('on')\ntime.sleep(600)"
    needing = [service.submit(script) for _ in range(2 + service.health()["idle_jvms"])]
    waiting = needing[-1]  # for which no JVM is there
    service.until(waiting, "RUNNING", "QUEUED")

    since = time.time()
    cancelled = service.cancel(waiting)

    assert cancelled["state"] == "CANCELLED" and cancelled["ended_at"] - since < 2
    assert service.log(waiting, "stdout") == ""
    for run_id in needing[:-1]:
        service.cancel(run_id)
    assert service.health()["running"] == 0


def test_output_can_be_followed_while_the_job_runs(service: Service) -> None:
    run_id = service.submit("import time\nprint('first')\ntime.sleep(600)")
    until(lambda: service.log(run_id, "stdout") == "first\n", 120)

    url = f"{service.url}/runs/{run_id}/logs/stdout"
    assert service.http.get(f"{url}?offset=3", timeout=30).content == b"st\n"
    assert service.get(run_id)["state"] == "RUNNING"
    service.cancel(run_id)


def test_bad_requests_are_answered_400_and_unknown_runs_404(service: Service) -> None:
    def post(**body: Any) -> tuple[int, str]:
        answer = service.http.post(f"{service.url}/runs", json=body, timeout=30)
        return answer.status_code, answer.json()["error"]["message"]

    known = {"run_id": "r", "entry_point": "s3://code/job.py"}
    assert post(run_id="r") == (400, "expected entry_point to be the address of a script")
    status, message = post(**known, spark_submit_parameters="--conf spark.master=yarn")
    assert (status, message) == (400, "Option 'spark.master' is not supported")
    assert post(**known, conf={"spark.driver.memory": "lots"})[0] == 400
    for path in ("/runs/none", "/runs/none/ui", "/runs/none/logs/stdout"):
        assert service.http.get(service.url + path, timeout=30).status_code == 404
    assert service.http.post(f"{service.url}/runs/none/cancel", timeout=30).status_code == 404


def test_the_same_run_id_is_run_once(service: Service) -> None:
    body = {"run_id": uuid.uuid4().hex, "entry_point": "s3://code/none.py"}

    first = service.http.post(f"{service.url}/runs", json=body, timeout=30)
    second = service.http.post(f"{service.url}/runs", json=body, timeout=30)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["run_id"] == body["run_id"]


def test_a_killed_service_leaves_no_process_and_its_next_start_fails_the_run(
    service: Service,
) -> None:
    run_id = service.submit("import time\nprint('on')\ntime.sleep(600)")
    until(lambda: service.log(run_id, "stdout") == "on\n", 120)
    assert descendants(service.folder)

    service.stop(signal.SIGKILL)
    service.start()

    run = service.get(run_id)
    assert run["state"] == "FAILED"
    assert run["error"] == "the Spark service stopped while the run was going on"
