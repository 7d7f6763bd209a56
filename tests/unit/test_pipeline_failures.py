"""What a failed execution tells: from literal history events and log lines."""

from __future__ import annotations

import json

import pytest

from pipeline import failures
from pipeline.failures import Failure
from pipeline.task_logs import Place

EMR_CAUSE = {
    "ApplicationId": "00a",
    "JobRunId": "00b",
    "StateDetails": "Job failed. ExitCode: 1. Last few exceptions: ValueError: no",
    "ConfigurationOverrides": {
        "MonitoringConfiguration": {"CloudWatchLoggingConfiguration": {"LogGroupName": "/mine"}}
    },
}
GLUE_CAUSE = {"Id": "jr_1", "LogGroupName": "/aws-glue/jobs", "ErrorMessage": "OSError: full"}
REQUEST = "27d951ec-70ac-4b44-99ad-9610c3995d71"
LAMBDA_CAUSE = {"errorMessage": "bad event", "errorType": "ValueError", "requestId": REQUEST}


def history(cause, scheduled=None):
    return [
        {"id": 1, "previousEventId": 0, "type": "ExecutionStarted"},
        {"id": 2, "previousEventId": 0, "type": "TaskStateEntered",
         "stateEnteredEventDetails": {"name": "Work"}},
        {"id": 3, "previousEventId": 2, "type": "TaskScheduled",
         "taskScheduledEventDetails": scheduled or {}},
        {"id": 4, "previousEventId": 3, "type": "TaskFailed",
         "taskFailedEventDetails": {"error": "States.TaskFailed", "cause": json.dumps(cause)}},
        {"id": 5, "previousEventId": 4, "type": "ExecutionFailed",
         "executionFailedEventDetails": {"error": "States.TaskFailed", "cause": "{}"}},
    ]  # fmt: skip


def test_a_failed_emr_job_is_told_with_its_state_cause_and_log():
    assert failures.failure(history(EMR_CAUSE)) == Failure(
        "Work",
        "States.TaskFailed: Job failed. ExitCode: 1. Last few exceptions: ValueError: no",
        Place("/mine", "/jobs/00b/"),
    )


def test_a_failed_glue_job_is_told_with_its_error_log():
    found = failures.failure(history(GLUE_CAUSE))
    assert found.cause == "States.TaskFailed: OSError: full"
    assert found.place == Place("/aws-glue/jobs/error", "jr_1")


@pytest.mark.parametrize(
    "scheduled",
    [
        {"resourceType": "lambda", "parameters": '{"FunctionName": "days"}'},
        {
            "resourceType": "lambda",
            "parameters": '{"FunctionName": "arn:aws:lambda:us-east-1:0:function:days:$LATEST"}',
        },
        {"resource": "arn:aws:lambda:us-east-1:000000000000:function:days"},
    ],
)
def test_a_failed_function_is_told_with_the_log_of_its_invocation(scheduled):
    found = failures.failure(history(LAMBDA_CAUSE, scheduled))
    assert found.cause == "States.TaskFailed: bad event"
    assert found.place == Place("/aws/lambda/days", request=REQUEST)


def test_a_state_that_fails_by_itself_is_told_without_a_log():
    events = [
        {"id": 1, "previousEventId": 0, "type": "FailStateEntered",
         "stateEnteredEventDetails": {"name": "Stop"}},
        {"id": 2, "previousEventId": 1, "type": "ExecutionFailed",
         "executionFailedEventDetails": {"error": "E", "cause": "why"}},
    ]  # fmt: skip
    assert failures.failure(events) == Failure("Stop", "E: why")
    assert failures.failure(events[:1]) is None


def test_the_last_traceback_is_what_matters_of_a_log():
    lines = ["INFO start", "Traceback (most recent call last):", "  old", "KeyError: 1", "INFO go",
             "Traceback (most recent call last):", '  File "x.py", line 1', "ValueError: no",
             "\tat org.apache.Spark.run(Spark.java:1)", ""]  # fmt: skip
    assert failures.last_exception(lines) == lines[5:8]


def test_of_a_log_without_a_traceback_the_last_lines_matter():
    lines = [f"line {number}" for number in range(40)]
    assert failures.last_exception(lines) == lines[25:]


def test_a_functions_exception_stands_before_its_traceback():
    lines = ["seen", "[ERROR] ValueError: no", "Traceback (most recent call last):", "  File x"]
    assert failures.last_exception(lines) == lines[1:]


def test_a_long_traceback_keeps_its_begin_and_its_end():
    lines = ["Traceback (most recent call last):", *(f"  {n}" for n in range(40)), "ValueError: no"]
    found = failures.last_exception(lines)
    assert len(found) == 15
    assert (found[0], found[1], found[-1]) == (lines[0], "…", "ValueError: no")
