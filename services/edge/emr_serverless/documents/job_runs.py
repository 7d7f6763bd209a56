"""EMR Serverless job runs as documents: checks of a request, and changes by the Spark run; pure."""

from __future__ import annotations

from typing import Any

from services.edge.emr_serverless import errors
from services.edge.emr_serverless.documents import job_run_checks as checks
from services.edge.emr_serverless.documents.configuration import check_job, spark_conf
from services.edge.spark_client import SparkRun

Document = dict[str, Any]

ENDED = frozenset({"SUCCESS", "FAILED", "CANCELLED"})
# Of the Spark service's run; only its real end ends the job run.
STATES = {
    "QUEUED": "QUEUED",
    "RUNNING": "RUNNING",
    "SUCCEEDED": "SUCCESS",
    "FAILED": "FAILED",
    "CANCELLED": "CANCELLED",
}
FAILURE = (
    "Job failed, please check complete logs in configured logging destination."
    " ExitCode: {code}. Last few exceptions: {cause}"
)
SUMMARY = (
    *("applicationId", "arn", "createdAt", "createdBy", "executionRole", "mode", "name"),
    *("releaseLabel", "state", "stateDetails", "updatedAt", "attempt"),
    *("attemptCreatedAt", "attemptUpdatedAt"),
)


def submitted(
    request: Document, application: Document, caller: str, identifier: str, now: float
) -> Document:
    """A new run; raises ValidationException where the request cannot be run."""
    checks.check_role(request["executionRoleArn"], application["arn"])
    run = {
        "applicationId": application["applicationId"],
        "jobRunId": identifier,
        "name": request.get("name"),
        "arn": f"{application['arn']}/jobruns/{identifier}",
        "createdBy": caller,
        "createdAt": now,
        "updatedAt": now,
        "executionRole": request["executionRoleArn"],
        "state": "SUBMITTED",
        "stateDetails": "",
        "releaseLabel": application["releaseLabel"],
        "configurationOverrides": request.get("configurationOverrides") or {},
        "jobDriver": checks.checked_driver(request["jobDriver"]),
        "tags": request.get("tags") or {},
        "executionTimeoutMinutes": checks.minutes(request),
        "mode": checks.mode(request),
        "retryPolicy": {"maxAttempts": checks.attempts(request, application)},
        "attempt": 1,
        "attemptCreatedAt": now,
        "attemptUpdatedAt": now,
        "_attempts": [],
        "_given": False,
    }
    if network := application.get("networkConfiguration"):
        run["networkConfiguration"] = network
    check_job(run, application)
    return run


def spark_run(run: Document, application: Document) -> Document:
    """What the Spark service is asked to run."""
    submit = run["jobDriver"]["sparkSubmit"]
    return {
        "run_id": spark_run_id(run),
        "name": run["name"] or run["jobRunId"],
        "kind": "emr",
        "entry_point": submit["entryPoint"],
        "arguments": submit.get("entryPointArguments") or [],
        "spark_submit_parameters": submit.get("sparkSubmitParameters") or "",
        "conf": spark_conf(run, application),
        # The script's own AWS calls go to the region of its run.
        "environment": {"AWS_DEFAULT_REGION": run["arn"].split(":")[3]},
    }


def spark_run_id(run: Document) -> str:
    """A run of its own in the Spark service for each attempt."""
    return run["jobRunId"] if run["attempt"] == 1 else f"{run['jobRunId']}-{run['attempt']}"


def followed(run: Document, spark: SparkRun, now: float) -> Document:
    """The run after a change in the Spark service; CANCELLING is left only by ending."""
    state = STATES[spark["state"]]
    if run["state"] == "CANCELLING" and state not in ENDED:
        return run
    changed = {**run, "state": state, "updatedAt": now, "attemptUpdatedAt": now}
    if spark["started_at"]:
        changed.setdefault("startedAt", spark["started_at"])
    if state == "FAILED":
        code = 1 if spark["exit_code"] is None else spark["exit_code"]
        failure = FAILURE.format(code=code, cause=spark["error"])
        changed["stateDetails"] = f"{failure} {run['stateDetails']}".strip()
        if run["state"] != "CANCELLING" and run["attempt"] < run["retryPolicy"]["maxAttempts"]:
            return _next_attempt(changed, now)
    return _ended(changed, spark["ended_at"] or now) if state in ENDED else changed


def pending(run: Document, now: float) -> Document:
    """The run that is about to be submitted to Spark; one that Spark has stays as it is."""
    return {**run, "state": "PENDING", "updatedAt": now} if run["state"] == "SUBMITTED" else run


def is_in_spark(run: Document) -> bool:
    return bool(run["_given"])


def in_spark(run: Document) -> Document:
    """The run that Spark has: from here on, only Spark's end of it is its end."""
    return {**run, "_given": True}


def cancelling(run: Document, cause: str, now: float) -> Document:
    """The run while its process is being ended; `cause` tells a time-out from a request."""
    if run["state"] == "CANCELLING":
        return run
    return {**run, "state": "CANCELLING", "stateDetails": cause, "updatedAt": now}


def cancelled(run: Document, now: float) -> Document:
    """A run that was cancelled before Spark had it."""
    return _ended({**run, "state": "CANCELLED", "updatedAt": now}, now)


def lost(run: Document, cause: str, now: float) -> Document:
    """A run that Spark never had, or has no more."""
    return _ended({**run, "state": "FAILED", "stateDetails": cause, "updatedAt": now}, now)


def noted(run: Document, note: str) -> Document:
    return {**run, "stateDetails": f"{run['stateDetails']} {note}".strip()}


def at_attempt(run: Document, attempt: int | None) -> Document:
    """The run as its `attempt` is or was; the last one where none is named."""
    for past in [run, *run["_attempts"]]:
        if attempt in (None, past["attempt"]):
            return {**run, **past}
    raise errors.not_found(f"Attempt {attempt} of job run", run["jobRunId"])


def attempt_summaries(run: Document) -> list[Document]:
    """The last attempt first."""
    return [
        {
            **summary(past),
            "jobCreatedAt": run["createdAt"],
            "createdAt": past["attemptCreatedAt"],
            "updatedAt": past["attemptUpdatedAt"],
        }
        for past in [run, *({**run, **past} for past in reversed(run["_attempts"]))]
    ]


def summary(run: Document) -> Document:
    named = {name: run.get(name) for name in SUMMARY}
    return {"id": run["jobRunId"], "type": "Spark", **named}


def described(document: Document) -> Document:
    """As the API answers it, without what only this service needs."""
    return {name: value for name, value in document.items() if not name.startswith("_")}


def _next_attempt(run: Document, now: float) -> Document:
    """The run from the start again, with what the failed attempt was."""
    past = ("attempt", "attemptCreatedAt", "attemptUpdatedAt", "state", "stateDetails")
    return {
        **run,
        "state": "PENDING",
        "stateDetails": "",
        "attempt": run["attempt"] + 1,
        "attemptCreatedAt": now,
        "attemptUpdatedAt": now,
        "_given": False,
        "_attempts": [*run["_attempts"], {name: run[name] for name in past}],
    }


def _ended(run: Document, at: float) -> Document:
    seconds = max(0, round(at - run.get("startedAt", at)))
    return {**run, "endedAt": at, "totalExecutionDurationSeconds": seconds}
