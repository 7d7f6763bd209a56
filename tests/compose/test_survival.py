"""The pipeline in containers, which are killed, stopped and made anew: nothing lost or doubled."""

from __future__ import annotations

import json
import threading
import time

import pytest
import requests

from tests.support.compose_stack import SERVICES
from tests.support.deliveries import body
from tests.support.independent_gold import assert_gold_is_right

DAY = "2026-01-16"  # the whole sample is tests/integration/pipeline's
PAUSE_SECONDS = 0.2


@pytest.fixture(scope="module")
def survived(stack):
    """A day of the sample's bookings came in, then more of them while each container was killed,
    two in the middle of a run; the run after those went through."""
    stack.summary = json.loads(stack.lake("replay", "--json", "--day", DAY))
    stack.sender = Sender(stack)
    stack.sender.start()
    stack.kill("dashboard")
    stack.exit_codes = {service: run_that_loses(stack, service) for service in ("edge", "spark")}
    stack.sender.stop()
    stack.next_run = json.loads(stack.lake("run", "--json", seconds=900))
    return stack


def run_that_loses(stack, service: str) -> int:
    """The exit code of `lake run` whose container is killed while a job of this run goes on."""
    before = running_jobs(stack)
    running = stack.lake_in_background("run", "--json")
    stack.wait_for(lambda: running_jobs(stack) - before or running.poll() is not None, 120)
    stack.kill(service)
    stack.start()  # at once: the edge would wait out the absence of Spark for a minute
    return running.wait(timeout=300)


def running_jobs(stack) -> set[str]:
    emr = stack.client("emr-serverless")
    return {
        run["id"]
        for application in emr.list_applications()["applications"]
        for run in emr.list_job_runs(applicationId=application["id"], states=["RUNNING"])["jobRuns"]
    }


def test_the_pipeline_runs_in_containers(survived):
    assert survived.summary["failed"] == 0
    assert survived.summary["accepted"] > 250
    assert survived.next_run["status"] == "SUCCEEDED"
    assert_gold_is_right(survived)


def test_the_pages_of_a_finished_run_are_reachable_from_this_machine(survived):
    emr = survived.client("emr-serverless")
    application = emr.list_applications()["applications"][0]["id"]
    finished = emr.list_job_runs(applicationId=application, states=["SUCCESS"])["jobRuns"]
    url = emr.get_dashboard_for_job_run(applicationId=application, jobRunId=finished[0]["id"])
    assert "Spark Jobs" in requests.get(url["url"], timeout=60).text


def test_every_acknowledged_delivery_outlives_the_death_of_each_container(survived):
    sender = survived.sender
    assert sender.acknowledged == sender.sent
    assert len(sender.sent) > 50
    bodies = survived.objects("project6-bronze-bucket", "events/event_date=2026-01-22/")
    found = sorted(invitee_of(text) for text in bodies.values())
    assert found == sorted(sender.acknowledged)


def test_a_run_whose_container_dies_fails_and_the_next_has_all_bookings(survived):
    assert survived.exit_codes == {"edge": 1, "spark": 1}
    assert survived.count("fact_bookings") >= len(survived.sender.acknowledged)


def test_containers_end_when_they_are_asked_to_and_their_data_outlives_down_and_up(survived):
    before = survived.gold()
    for service in SERVICES:
        container = survived.container(service)
        container.stop(timeout=20)
        container.reload()
        # 143: ended by the signal. 137 would be a kill after the time was over.
        assert container.attrs["State"]["ExitCode"] in (0, 143), service
    survived.container("edge").start()  # what does not run is not ended by `lake down`
    survived.stop()
    assert not survived.containers("edge")
    survived.start()
    assert survived.gold() == before


class Sender(threading.Thread):
    """Posts one delivery after the other, each until it is answered with 200, as Calendly does."""

    def __init__(self, stack) -> None:
        super().__init__(daemon=True)
        self._url = stack.webhook_url()
        self._enough = threading.Event()
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()

    def run(self) -> None:
        while not self._enough.wait(PAUSE_SECONDS):
            self._send(f"kept-{len(self.sent)}")

    def stop(self) -> None:
        self._enough.set()
        self.join()

    def _send(self, invitee: str) -> None:
        self.sent.add(invitee)
        delivery = body(invitee, "invitee.created", "2026-01-22T10:00:00Z")
        deadline = time.monotonic() + 120
        while invitee not in self.acknowledged and time.monotonic() < deadline:
            try:
                if requests.post(self._url, data=delivery, timeout=10).status_code == 200:
                    self.acknowledged.add(invitee)
            except requests.RequestException:
                time.sleep(PAUSE_SECONDS)


def invitee_of(bronze_object: str) -> str:
    return json.loads(bronze_object)["data"]["payload"]["uri"].rsplit("/", 1)[-1]
