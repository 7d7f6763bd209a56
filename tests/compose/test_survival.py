"""The pipeline in containers, which are killed, stopped and made anew: nothing lost or doubled."""

from __future__ import annotations

import json
import random
import threading
import time

import pytest
import requests

from tests.support.compose_stack import SERVICES
from tests.support.deliveries import body
from tests.support.independent_gold import assert_gold_is_right

SEED = 20260114
DELIVERIES = 400


@pytest.fixture(scope="module")
def filled(stack):
    """The sample's bookings in bronze, and a first run over them."""
    stack.summary = json.loads(stack.lake("replay", "--json"))
    stack.first_run = json.loads(stack.lake("run", "--json"))
    return stack


def test_the_pipeline_runs_in_containers(filled):
    assert filled.summary["failed"] == 0
    assert filled.first_run["status"] == "SUCCEEDED"
    assert_gold_is_right(filled)


def test_the_pages_of_a_finished_run_are_reachable_from_this_machine(filled):
    emr = filled.client("emr-serverless")
    application = emr.list_applications()["applications"][0]["id"]
    run = emr.list_job_runs(applicationId=application)["jobRuns"][0]["id"]
    url = emr.get_dashboard_for_job_run(applicationId=application, jobRunId=run)["url"]
    assert "Spark Jobs" in requests.get(url, timeout=60).text


def test_every_acknowledged_delivery_outlives_the_death_of_each_container(filled):
    sender = Sender(filled)
    chance = random.Random(SEED)
    sender.start()
    for service in chance.sample(SERVICES, k=len(SERVICES)):
        time.sleep(chance.uniform(0.5, 2))
        filled.kill(service)
        filled.start()
    sender.join()
    assert sender.acknowledged == {f"kept-{number}" for number in range(DELIVERIES)}
    bodies = filled.objects("project6-bronze-bucket", "events/event_date=2026-01-22/")
    found = sorted(invitee_of(text) for text in bodies.values())
    assert found == sorted(sender.acknowledged)


@pytest.mark.parametrize("service", ["spark", "edge"])
def test_a_run_whose_container_dies_is_told_as_failed_and_the_next_is_right(filled, service):
    running = filled.lake_in_background("run", "--json")
    filled.wait_for(lambda: has_running_job(filled) or running.poll() is not None, 120)
    filled.kill(service)
    if service == "spark":  # whose absence the edge would wait out for a minute
        filled.start()
    assert running.wait(timeout=300) == 1
    filled.start()
    assert json.loads(filled.lake("run", "--json"))["status"] == "SUCCEEDED"
    assert_gold_is_right(filled)


def has_running_job(stack) -> bool:
    emr = stack.client("emr-serverless")
    known = [one["id"] for one in emr.list_applications()["applications"]]
    return any(emr.list_job_runs(applicationId=one, states=["RUNNING"])["jobRuns"] for one in known)


def test_data_outlives_down_and_up(filled):
    before = filled.gold()
    filled.stop()
    assert not filled.containers("edge")
    filled.start()
    assert filled.gold() == before


def test_containers_end_when_they_are_asked_to(filled):
    for service in SERVICES:
        container = filled.container(service)
        container.stop(timeout=20)
        container.reload()
        # 143: ended by the signal. 137 would be a kill after the time was over.
        assert container.attrs["State"]["ExitCode"] in (0, 143), service
    filled.start()


class Sender(threading.Thread):
    """Posts each delivery until it is answered with 200, as Calendly does."""

    def __init__(self, stack) -> None:
        super().__init__(daemon=True)
        self._stack, self._url = stack, stack.webhook_url()
        self.acknowledged: set[str] = set()

    def run(self) -> None:
        for number in range(DELIVERIES):
            self._send(f"kept-{number}")

    def _send(self, invitee: str) -> None:
        delivery = body(invitee, "invitee.created", "2026-01-22T10:00:00Z")
        deadline = time.monotonic() + 120
        while invitee not in self.acknowledged and time.monotonic() < deadline:
            try:
                if requests.post(self._url, data=delivery, timeout=10).status_code == 200:
                    self.acknowledged.add(invitee)
            except requests.RequestException:
                time.sleep(0.2)


def invitee_of(bronze_object: str) -> str:
    return json.loads(bronze_object)["data"]["payload"]["uri"].rsplit("/", 1)[-1]
