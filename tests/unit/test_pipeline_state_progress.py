"""Progress of states from literal history events, in the form that Step Functions gives them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from pipeline import state_progress

BEGAN = datetime(2026, 1, 20, 6, 0, tzinfo=UTC)
NAMES = ["Bronze", "Events", "Marketing", "Gold"]


def event(number, previous, kind, seconds, **details):
    return {
        "id": number,
        "previousEventId": previous,
        "type": kind,
        "timestamp": BEGAN + timedelta(seconds=seconds),
        **details,
    }


def entered(number, previous, kind, seconds, name):
    details = {"stateEnteredEventDetails": {"name": name}}
    return event(number, previous, f"{kind}StateEntered", seconds, **details)


def exited(number, previous, kind, seconds, name):
    details = {"stateExitedEventDetails": {"name": name}}
    return event(number, previous, f"{kind}StateExited", seconds, **details)


def failed(number, previous, seconds, cause):
    details = {"taskFailedEventDetails": {"error": "States.TaskFailed", "cause": cause}}
    return event(number, previous, "TaskFailed", seconds, **details)


STARTED = [
    event(1, 0, "ExecutionStarted", 0),
    entered(2, 0, "Task", 0, "Bronze"),
    event(3, 2, "TaskScheduled", 0),
    exited(4, 3, "Task", 5, "Bronze"),
    entered(5, 4, "Parallel", 5, "ToSilver"),
    event(6, 5, "ParallelStateStarted", 5),
    entered(7, 6, "Task", 5, "Events"),
    entered(8, 6, "Task", 5, "Marketing"),
    event(9, 7, "TaskScheduled", 6),
    event(10, 8, "TaskScheduled", 6),
]
CAUSE = json.dumps({"State": "FAILED", "StateDetails": "org.apache.spark.SparkException: no disk"})


def statuses(events, ended):
    return [s.status for s in state_progress.progress(NAMES, events, ended=ended)]


def test_before_the_first_event_every_state_waits():
    assert statuses([], ended=False) == ["waiting"] * 4


def test_parallel_states_run_after_the_first_has_succeeded():
    assert statuses(STARTED, ended=False) == ["succeeded", "running", "running", "waiting"]
    bronze, events, _, gold = state_progress.progress(NAMES, STARTED, ended=False)
    now = BEGAN + timedelta(seconds=9)
    assert (bronze.seconds(now), events.seconds(now), gold.seconds(now)) == (5.0, 4.0, None)


def test_a_failed_state_carries_its_cause_and_stops_the_others():
    ending = event(
        12, 11, "ExecutionFailed", 8, executionFailedEventDetails={"error": "x", "cause": "y"}
    )
    history = [*STARTED, failed(11, 9, 8, CAUSE), ending]
    assert statuses(history, ended=True) == ["succeeded", "failed", "aborted", "skipped"]
    failure = state_progress.progress(NAMES, history, ended=True)[1]
    assert failure.cause == "States.TaskFailed: org.apache.spark.SparkException: no disk"
    assert failure.seconds(BEGAN) == 3.0


def test_a_failed_attempt_is_retrying_while_the_execution_goes_on():
    history = [*STARTED, failed(11, 9, 8, CAUSE)]
    assert statuses(history, ended=False)[1] == "retrying"
    again = [*history, event(12, 11, "TaskScheduled", 18)]
    assert statuses(again, ended=False)[1] == "running"
    done = state_progress.progress(
        NAMES, [*again, exited(13, 12, "Task", 20, "Events")], ended=False
    )[1]
    assert (done.status, done.cause, done.seconds(BEGAN)) == ("succeeded", None, 15.0)


def test_a_state_that_ends_the_execution_without_a_task_has_failed_too():
    history = [
        event(1, 0, "ExecutionStarted", 0),
        entered(2, 1, "Fail", 0, "Bronze"),
        event(
            3, 2, "ExecutionFailed", 1, executionFailedEventDetails={"error": "E", "cause": "why"}
        ),
    ]
    bronze = state_progress.progress(NAMES, history, ended=True)[0]
    assert (bronze.status, bronze.cause) == ("failed", "E: why")


def test_a_cause_that_is_no_document_is_shown_as_it_is():
    assert state_progress.readable_cause("E", "plain text") == "E: plain text"
    assert state_progress.readable_cause("E", '["a list"]') == 'E: ["a list"]'
    assert state_progress.readable_cause(None, None) == "no cause was given"


def test_a_glue_runs_own_message_is_the_cause():
    assert state_progress.readable_cause("E", '{"ErrorMessage": "no index"}') == "E: no index"
