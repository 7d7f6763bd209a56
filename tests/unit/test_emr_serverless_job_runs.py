"""Job runs: followed in a Spark service that is played by the test, step by step."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from services.edge.aws import spark_retries
from services.edge.emr_serverless.documents import job_runs
from services.edge.emr_serverless.engine import follower, lifecycle
from tests.support.played_spark import ARN, Desk, PlayedSpark


@pytest.fixture
def spark() -> PlayedSpark:
    return PlayedSpark()


@pytest.fixture
def desk(tmp_path: Path, spark: PlayedSpark, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(spark_retries, "PAUSE_SECONDS", 0.01)
    return Desk(tmp_path / "edge.sqlite", spark)


def test_a_run_goes_through_the_states_of_its_spark_run(desk: Desk, spark: PlayedSpark) -> None:
    desk.start()
    desk.until("QUEUED")
    spark.become("00run", "RUNNING")
    assert desk.until("RUNNING")["startedAt"] == 10.0
    spark.become("00run", "SUCCEEDED", ended_at=17.0, exit_code=0)
    ended = desk.until("SUCCESS")
    assert (ended["endedAt"], ended["totalExecutionDurationSeconds"]) == (17.0, 7)


def test_a_scripts_own_calls_go_to_the_region_of_its_run_and_are_its_roles(
    desk: Desk, spark: PlayedSpark
) -> None:
    desk.start()
    desk.until("QUEUED")
    (submitted,) = spark.submitted
    assert submitted["environment"] == {"AWS_DEFAULT_REGION": "us-east-1"}
    assert submitted["role"] == {"of": "arn:aws:iam::000000000000:role/emr"}


def test_the_output_is_in_s3_before_the_run_has_ended(desk: Desk, spark: PlayedSpark) -> None:
    where = {"s3MonitoringConfiguration": {"logUri": "s3://logs/here/"}}
    desk.start(configurationOverrides={"monitoringConfiguration": where})
    desk.until("QUEUED")
    spark.become("00run", "RUNNING")
    desk.until("RUNNING")
    spark.become("00run", "SUCCEEDED", ended_at=17.0)
    desk.until("SUCCESS")
    place = "logs/here/applications/00app/jobs/00run/SPARK_DRIVER"
    assert desk.objects == {f"{place}/stdout.gz": "RUNNING", f"{place}/stderr.gz": "RUNNING"}


def test_a_failed_attempt_is_followed_by_another_run_in_spark(
    desk: Desk, spark: PlayedSpark
) -> None:
    desk.start(retryPolicy={"maxAttempts": 2})
    desk.until("QUEUED")
    spark.become("00run", "FAILED", ended_at=12.0, exit_code=1, error="ValueError: first")
    desk.until("QUEUED", attempt=2)
    spark.become("00run-2", "FAILED", ended_at=20.0, exit_code=137, error="killed")
    ended = desk.until("FAILED")
    assert ended["stateDetails"] == (
        "Job failed, please check complete logs in configured logging destination."
        " ExitCode: 137. Last few exceptions: killed"
    )
    first = job_runs.at_attempt(ended, 1)
    assert "ValueError: first" in first["stateDetails"]
    assert [one["run_id"] for one in spark.submitted] == ["00run", "00run-2"]


def test_a_cancel_that_crosses_the_submission_still_ends_the_spark_run(
    desk: Desk, spark: PlayedSpark
) -> None:
    run = desk.submitted()
    spark.at_submission = lambda: desk.follower.cancel(run, "asked for")
    desk.follower.start(run)
    assert desk.until("CANCELLED")["stateDetails"] == "asked for"
    assert spark.runs["00run"]["state"] == "CANCELLED"


def test_a_run_over_its_time_limit_is_cancelled(
    desk: Desk, spark: PlayedSpark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "SECONDS_PER_MINUTE", 0.01)
    desk.start(executionTimeoutMinutes=5)
    desk.until("QUEUED")
    spark.become("00run", "RUNNING", started_at=time.time())
    assert "executionTimeoutMinutes: 5" in desk.until("CANCELLED")["stateDetails"]


def test_a_run_fails_with_the_cause_when_spark_is_out_of_reach(
    desk: Desk, spark: PlayedSpark
) -> None:
    spark.reachable = False
    run = desk.submitted()
    desk.follower.start(run, 0.05)
    assert "cannot be reached" in desk.until("FAILED")["stateDetails"]


def test_a_running_run_fails_with_the_cause_when_spark_stays_out_of_reach(
    desk: Desk, spark: PlayedSpark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_retries, "UNREACHABLE_SECONDS", 0.2)
    desk.start()
    desk.until("QUEUED")
    spark.become("00run", "RUNNING", started_at=time.time())
    desk.until("RUNNING")
    spark.reachable = False
    assert "cannot be reached" in desk.until("FAILED")["stateDetails"]


def test_a_short_absence_of_spark_does_not_end_a_run(desk: Desk, spark: PlayedSpark) -> None:
    desk.start()
    desk.until("QUEUED")
    spark.reachable = False
    spark.become("00run", "SUCCEEDED", ended_at=17.0)
    time.sleep(0.2)
    assert desk.until("QUEUED")
    spark.reachable = True
    desk.until("SUCCESS")


def test_an_edge_started_anew_follows_the_runs_that_had_not_ended(
    tmp_path: Path, desk: Desk, spark: PlayedSpark
) -> None:
    desk.submitted()
    again = Desk(tmp_path / "edge.sqlite", spark)
    again.follower.resume()
    again.until("QUEUED")
    spark.become("00run", "SUCCEEDED", ended_at=17.0)
    assert again.until("SUCCESS")["endedAt"] == 17.0
    assert [one["run_id"] for one in spark.submitted] == ["00run"]


def test_a_run_that_spark_has_lost_fails_and_is_not_run_a_second_time(
    tmp_path: Path, desk: Desk, spark: PlayedSpark
) -> None:
    desk.store.save(job_runs.in_spark(desk.submitted()))
    again = Desk(tmp_path / "edge.sqlite", spark)
    again.follower.resume()
    assert "no run 00run" in again.until("FAILED")["stateDetails"]
    assert spark.submitted == []


def test_an_application_that_spark_does_not_answer_is_stopped_with_the_cause(
    desk: Desk, spark: PlayedSpark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "STARTING_SECONDS", 0.05)
    spark.reachable = False
    at_rest = desk.store.save({**desk.application, "state": "STOPPED"})
    desk.lifecycle.start(at_rest)
    desk.start()
    assert "could not be started" in desk.until("FAILED")["stateDetails"]
    assert desk.store.application(ARN, "00app")["state"] == "STOPPED"


def test_idle_applications_are_stopped_and_busy_ones_are_not(
    desk: Desk, spark: PlayedSpark
) -> None:
    desk.start()
    desk.until("QUEUED")
    desk.lifecycle.stop_idle(time.time() + 16 * 60)
    assert desk.store.application(ARN, "00app")["state"] == "STARTED"
    spark.become("00run", "SUCCEEDED", ended_at=time.time())
    desk.until("SUCCESS")
    desk.lifecycle.stop_idle(time.time() + 14 * 60)
    assert desk.store.application(ARN, "00app")["state"] == "STARTED"
    desk.lifecycle.stop_idle(time.time() + 16 * 60)
    assert desk.store.application(ARN, "00app")["state"] == "STOPPED"


def test_settings_of_the_run_win_over_those_of_the_application(
    desk: Desk, spark: PlayedSpark
) -> None:
    def defaults(**properties: str) -> list[dict[str, Any]]:
        return [{"classification": "spark-defaults", "properties": properties}]

    of_application = defaults(**{"spark.a": "1", "spark.b": "1"})
    desk.application = desk.store.save({**desk.application, "runtimeConfiguration": of_application})
    desk.start(configurationOverrides={"applicationConfiguration": defaults(**{"spark.b": "2"})})
    desk.until("QUEUED")
    assert spark.submitted[0]["conf"] == {"spark.a": "1", "spark.b": "2"}
    assert spark.submitted[0]["kind"] == "emr"
