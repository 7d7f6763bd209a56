"""EMR Serverless job runs as documents: checks of a request, and changes by the Spark run; pure."""

from __future__ import annotations

from typing import Any

from services.edge.emr_serverless import errors
from services.edge.emr_serverless.configuration import check_job, spark_conf

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
DEFAULT_TIMEOUT_MINUTES = 720
MAXIMUM_BATCH_MINUTES = 10080
FIRST_RELEASE_WITH_RETRIES = (7, 1)
SUMMARY = (
    *("applicationId", "arn", "createdAt", "createdBy", "executionRole", "mode", "name"),
    *("releaseLabel", "state", "stateDetails", "updatedAt", "attempt"),
    *("attemptCreatedAt", "attemptUpdatedAt"),
)


def submitted(
    request: Document, application: Document, caller: str, identifier: str, now: float
) -> Document:
    """A new run; raises ValidationException where the request cannot be run."""
    errors.require(request, "executionRoleArn", "jobDriver")
    _check_role(request["executionRoleArn"], application["arn"])
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
        "jobDriver": _checked_driver(request["jobDriver"]),
        "tags": request.get("tags") or {},
        "executionTimeoutMinutes": _minutes(request),
        "mode": _mode(request),
        "retryPolicy": {"maxAttempts": _attempts(request, application)},
        "attempt": 1,
        "attemptCreatedAt": now,
        "attemptUpdatedAt": now,
        "_attempts": [],
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
        "environment": {},
    }


def spark_run_id(run: Document) -> str:
    """A run of its own in the Spark service for each attempt."""
    return run["jobRunId"] if run["attempt"] == 1 else f"{run['jobRunId']}-{run['attempt']}"


def followed(run: Document, spark: Document, now: float) -> Document:
    """The run after a change in the Spark service; CANCELLING is left only by ending."""
    state = STATES[spark["state"]]
    if run["state"] == "CANCELLING" and state not in ENDED:
        return run
    changed = {**run, "state": state, "updatedAt": now, "attemptUpdatedAt": now}
    if spark["started_at"]:
        changed.setdefault("startedAt", spark["started_at"])
    if state == "FAILED":
        changed["stateDetails"] = FAILURE.format(code=spark["exit_code"], cause=spark["error"])
        if run["state"] != "CANCELLING" and run["attempt"] < run["retryPolicy"]["maxAttempts"]:
            return _next_attempt(changed, now)
    return _ended(changed, spark["ended_at"] or now) if state in ENDED else changed


def cancelling(run: Document, cause: str, now: float) -> Document:
    """The run while its process is being ended; `cause` tells a time-out from a request."""
    return {**run, "state": "CANCELLING", "stateDetails": cause, "updatedAt": now}


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
        "_attempts": [*run["_attempts"], {name: run[name] for name in past}],
    }


def _ended(run: Document, at: float) -> Document:
    seconds = max(0, round(at - run.get("startedAt", at)))
    return {**run, "endedAt": at, "totalExecutionDurationSeconds": seconds}


def _check_role(role: str, application_arn: str) -> None:
    parts = role.split(":")
    if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("role/"):
        raise errors.validation(f"Expected the ARN of an IAM role, found {role}")
    if parts[4] != application_arn.split(":")[4]:
        raise errors.access_denied("Cross-account pass role is not allowed.")


def _checked_driver(driver: Document) -> Document:
    if not (driver.get("sparkSubmit") or {}).get("entryPoint"):
        found = ", ".join(driver) or "nothing"
        raise errors.validation(
            f"Expected sparkSubmit with an entryPoint in jobDriver, found {found}: only Spark runs"
            " here"
        )
    return driver


def _minutes(request: Document) -> float:
    minutes: float = request.get("executionTimeoutMinutes", DEFAULT_TIMEOUT_MINUTES)
    errors.require_range("executionTimeoutMinutes", minutes, 0, MAXIMUM_BATCH_MINUTES)
    return minutes


def _mode(request: Document) -> str:
    if (request.get("mode") or "BATCH") != "BATCH":
        raise errors.validation(f"Mode {request['mode']} is not available here: expected BATCH")
    return "BATCH"


def _attempts(request: Document, application: Document) -> int:
    attempts = int((request.get("retryPolicy") or {}).get("maxAttempts") or 1)
    errors.require_range("retryPolicy.maxAttempts", attempts, 1, 10)
    release = application["releaseLabel"].removeprefix("emr-").split(".")
    if attempts > 1 and tuple(map(int, release[:2])) < FIRST_RELEASE_WITH_RETRIES:
        raise errors.validation(
            f"retryPolicy needs release emr-7.1.0 or later, found {application['releaseLabel']}"
        )
    return attempts
