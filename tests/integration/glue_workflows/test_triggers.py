"""Glue triggers on a live edge: real jobs, one after the other or not at all."""

from __future__ import annotations

import time

from tests.support.errors import refused
from tests.support.glue_ends import FAILS, SLEEPS, job_ended, job_runs


def test_an_on_demand_trigger_starts_its_job_with_its_arguments(glue, job, trigger):
    first = job()
    action = {"JobName": first, "Arguments": {"--DAY": "2026-01-16"}, "Timeout": 7}
    name = trigger("ON_DEMAND", Actions=[action])

    glue.start_trigger(Name=name)

    run = job_ended(glue, first)
    assert run["TriggerName"] == name
    assert run["Arguments"] == {"--DAY": "2026-01-16"}
    assert run["Timeout"] == 7
    assert glue.get_trigger(Name=name)["Trigger"]["State"] == "CREATED"


def test_a_conditional_trigger_fires_after_success_and_not_after_failure(glue, job, trigger):
    good, bad, after_good, after_bad, after_failure = job(), job(FAILS), job(), job(), job()
    start = trigger("ON_DEMAND", good, bad)
    trigger("CONDITIONAL", after_good, after={good: "SUCCEEDED"})
    trigger("CONDITIONAL", after_bad, after={bad: "SUCCEEDED"})
    trigger("CONDITIONAL", after_failure, after={bad: "FAILED"})

    glue.start_trigger(Name=start)

    run = job_ended(glue, after_good)
    assert run["PredecessorRuns"] == [{"JobName": good, "RunId": job_runs(glue, good)[0]["Id"]}]
    job_ended(glue, after_failure)
    assert job_runs(glue, after_bad) == []


def test_and_waits_for_all_and_any_for_the_first(glue, job, trigger):
    quick, slow, both, either = job(), job("import time; time.sleep(3)"), job(), job()
    start = trigger("ON_DEMAND", quick, slow)
    trigger("CONDITIONAL", both, after={quick: "SUCCEEDED", slow: "SUCCEEDED"})
    trigger("CONDITIONAL", either, after={quick: "SUCCEEDED", slow: "SUCCEEDED"}, Logical="ANY")

    glue.start_trigger(Name=start)

    begun = job_ended(glue, both)["StartedOn"]
    assert begun >= job_ended(glue, slow)["CompletedOn"]
    assert job_ended(glue, either)["StartedOn"] < begun
    assert len(job_runs(glue, either)) == 1


def test_a_conditional_trigger_waits_for_the_last_attempt(glue, job, trigger):
    fails, after = job(FAILS, MaxRetries=1), job()
    start = trigger("ON_DEMAND", fails)
    trigger("CONDITIONAL", after, after={fails: "FAILED"})

    glue.start_trigger(Name=start)

    predecessor = job_ended(glue, after)["PredecessorRuns"][0]["RunId"]
    assert predecessor.endswith("_attempt_1")


def test_a_run_that_no_trigger_started_fires_none(glue, job, trigger):
    first, after = job(), job()
    trigger("CONDITIONAL", after, after={first: "SUCCEEDED"})

    glue.start_job_run(JobName=first)

    job_ended(glue, first)
    time.sleep(0.5)
    assert job_runs(glue, after) == []


def test_a_stopped_trigger_does_not_fire_and_a_started_one_does(glue, job, trigger):
    first, after = job(), job()
    start = trigger("ON_DEMAND", first)
    name = trigger("CONDITIONAL", after, after={first: "SUCCEEDED"})

    glue.stop_trigger(Name=name)
    assert glue.get_trigger(Name=name)["Trigger"]["State"] == "DEACTIVATED"
    glue.start_trigger(Name=start)
    job_ended(glue, first)
    time.sleep(0.5)
    assert job_runs(glue, after) == []

    glue.start_trigger(Name=name)
    assert glue.get_trigger(Name=name)["Trigger"]["State"] == "ACTIVATED"
    glue.start_trigger(Name=start)
    job_ended(glue, after)


def test_an_action_that_cannot_start_is_the_error_of_its_trigger(glue, job, trigger):
    busy = job(SLEEPS, runs_at_once=1)
    start = trigger("ON_DEMAND", busy)
    glue.start_trigger(Name=start)

    assert refused(glue.start_trigger, Name=start)[0] == "ConcurrentRunsExceededException"

    glue.batch_stop_job_run(JobName=busy, JobRunIds=[job_runs(glue, busy)[0]["Id"]])
    glue.delete_job(JobName=busy)
    assert refused(glue.start_trigger, Name=start)[0] == "EntityNotFoundException"
