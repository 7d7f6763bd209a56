"""Chains on disk: what a death leaves is gone on with, once; what is due and full is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.edge.glue.engine.triggers import Engine
from services.edge.glue.engine.workflow_runs import fire_scheduled
from services.edge.glue.errors import not_found
from services.edge.glue.store import CHAIN, TRIGGER, WORKFLOW
from services.edge.store.records import Records

MINUTE = datetime(2026, 1, 16, 1, 0, tzinfo=UTC)


class Jobs:
    """Starts runs as the job operations do: on record before the call returns."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.started: list[str] = []

    def start(self, request: dict[str, Any], run_id: str, origin: dict[str, Any]) -> dict[str, Any]:
        if request["JobName"] == "gone":
            raise not_found("Job gone")
        self.started.append(request["JobName"])
        run = {"Id": run_id, "JobName": request["JobName"], "JobRunState": "RUNNING", **origin}
        self.records.put("glue_run", f"{run['JobName']}\n{run_id}", run)
        return run

    def end(self, job: str, state: str) -> dict[str, Any]:
        (run,) = self.records.list("glue_run", f"{job}\n")
        ended = {**run, "JobRunState": state}
        self.records.put("glue_run", f"{job}\n{run['Id']}", ended)
        return ended


@pytest.fixture
def records(tmp_path) -> Any:
    kept = Records(tmp_path / "edge.sqlite")
    kept.put(WORKFLOW, "w", {"Name": "w", "DefaultRunProperties": {}, "MaxConcurrentRuns": 1})
    first = {"Name": "start", "Type": "SCHEDULED", "State": "ACTIVATED", "WorkflowName": "w"}
    first |= {"Schedule": "cron(0 1 * * ? *)", "Actions": [{"JobName": "a"}]}
    kept.put(TRIGGER, "start", first)
    condition = {"JobName": "a", "State": "SUCCEEDED"}
    then = {"Name": "then", "Type": "CONDITIONAL", "State": "ACTIVATED", "WorkflowName": "w"}
    then |= {"Predicate": {"Conditions": [condition]}, "Actions": [{"JobName": "b"}]}
    kept.put(TRIGGER, "then", then)
    yield kept
    kept.close()


@pytest.fixture
def jobs(records) -> Jobs:
    return Jobs(records)


def engine(records: Records, jobs: Jobs) -> Engine:
    return Engine(records, jobs.start, None, None)  # type: ignore[arg-type]


def only_run(records: Records) -> dict[str, Any]:
    (chain,) = records.list(CHAIN)
    return dict(chain)


def test_a_workflow_runs_in_the_minute_of_its_schedule_only(records, jobs):
    fire_scheduled(records, engine(records, jobs), MINUTE.replace(minute=1))
    assert jobs.started == []
    fire_scheduled(records, engine(records, jobs), MINUTE)
    assert jobs.started == ["a"]


def test_a_scheduled_run_beyond_the_limit_is_recorded_as_an_error(records, jobs):
    running = engine(records, jobs)
    fire_scheduled(records, running, MINUTE)
    fire_scheduled(records, running, MINUTE)
    first, second = running.of_workflow("w")
    assert first["Status"] == "RUNNING"
    assert second["Status"] == "ERROR"
    assert second["ErrorMessage"] == "Concurrent runs exceeded for workflow: w."
    assert jobs.started == ["a"]


def test_the_end_of_a_job_starts_the_next_and_the_last_end_completes_the_run(records, jobs):
    running = engine(records, jobs)
    fire_scheduled(records, running, MINUTE)
    running.job_run_ended(jobs.end("a", "SUCCEEDED"))
    assert jobs.started == ["a", "b"]
    running.job_run_ended(jobs.end("b", "FAILED"))
    assert only_run(records)["Status"] == "COMPLETED"


def test_an_end_that_is_told_twice_counts_once(records, jobs):
    running = engine(records, jobs)
    fire_scheduled(records, running, MINUTE)
    ended = jobs.end("a", "SUCCEEDED")
    running.job_run_ended(ended)
    running.job_run_ended(ended)
    assert jobs.started == ["a", "b"]


def test_an_end_before_a_restart_is_seen_after_it(records, jobs):
    fire_scheduled(records, engine(records, jobs), MINUTE)
    jobs.end("a", "SUCCEEDED")
    engine(records, jobs).resume()
    assert jobs.started == ["a", "b"]
    assert only_run(records)["Status"] == "RUNNING"


@pytest.mark.parametrize(("on_record", "started"), [(True, ["a"]), (False, ["a", "a"])])
def test_a_planned_action_is_started_after_a_restart_unless_it_was(
    records, jobs, on_record, started
):
    fire_scheduled(records, engine(records, jobs), MINUTE)
    chain = only_run(records)
    chain["Actions"][0]["State"] = "PLANNED"
    records.put(CHAIN, f"w\n{chain['Id']}", chain)
    if not on_record:
        records.delete("glue_run", f"a\n{chain['Actions'][0]['Id']}")
    engine(records, jobs).resume()
    assert jobs.started == started
    assert only_run(records)["Actions"][0]["State"] == "RUNNING"


def test_a_run_whose_record_is_gone_at_a_restart_is_an_error(records, jobs):
    fire_scheduled(records, engine(records, jobs), MINUTE)
    records.delete("glue_run", f"a\n{only_run(records)['Actions'][0]['Id']}")
    engine(records, jobs).resume()
    ended = only_run(records)
    assert (ended["Status"], ended["Actions"][0]["State"]) == ("COMPLETED", "ERROR")


def test_an_action_that_cannot_start_does_not_keep_the_others_from_starting(records, jobs):
    trigger = {"Name": "both", "Type": "ON_DEMAND", "State": "CREATED"}
    trigger["Actions"] = [{"JobName": "gone"}, {"JobName": "c"}]
    chain = engine(records, jobs).fire(trigger)
    assert [action["State"] for action in chain["Actions"]] == ["ERROR", "RUNNING"]
    assert chain["Actions"][0]["ErrorCode"] == "EntityNotFoundException"
    assert jobs.started == ["c"]


def test_a_chain_without_a_workflow_is_forgotten_when_it_has_ended(records, jobs):
    running = engine(records, jobs)
    running.fire({"Name": "c", "Type": "ON_DEMAND", "Actions": [{"JobName": "c"}]})
    assert len(records.list(CHAIN)) == 1
    running.job_run_ended(jobs.end("c", "SUCCEEDED"))
    assert records.list(CHAIN) == []
