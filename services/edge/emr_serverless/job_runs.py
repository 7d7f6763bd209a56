"""EMR Serverless job runs as documents: checks of a request, and changes by the Spark run."""

from __future__ import annotations

import shlex
from typing import Any

from services.edge.emr_serverless import errors
from services.edge.emr_serverless.applications import new_id

Document = dict[str, Any]

ENDED = frozenset({"SUCCESS", "FAILED", "CANCELLED"})
STATES = {
    "QUEUED": "QUEUED",
    "RUNNING": "RUNNING",
    "SUCCEEDED": "SUCCESS",
    "FAILED": "FAILED",
    "CANCELLED": "CANCELLED",
}
CLASSIFICATIONS = frozenset({"spark-defaults", "spark-driver-log4j2", "spark-executor-log4j2"})
FAILURE = (
    "Job failed, please check complete logs in configured logging destination."
    " ExitCode: {code}. Last few exceptions: {cause}"
)
SUMMARY = (
    *("applicationId", "arn", "createdAt", "createdBy", "executionRole", "mode", "name"),
    *("releaseLabel", "state", "stateDetails", "type", "updatedAt", "attempt"),
)


def submitted(request: Document, application: Document, principal: str, now: float) -> Document:
    """A new run; raises ValidationException where the request cannot be run."""
    driver = request.get("jobDriver") or {}
    if "sparkSubmit" not in driver:
        raise errors.validation("jobDriver must hold sparkSubmit: Hive jobs cannot run here")
    if (request.get("mode") or "BATCH") != "BATCH":
        raise errors.validation("Mode STREAMING is not supported here: expected BATCH")
    run = {
        "applicationId": application["applicationId"],
        "jobRunId": (identifier := new_id()),
        "name": request.get("name"),
        "arn": f"{application['arn']}/jobruns/{identifier}",
        "createdBy": principal,
        "createdAt": now,
        "updatedAt": now,
        "executionRole": request["executionRoleArn"],
        "state": "SUBMITTED",
        "stateDetails": "",
        "releaseLabel": application["releaseLabel"],
        "configurationOverrides": request.get("configurationOverrides") or {},
        "jobDriver": driver,
        "tags": request.get("tags") or {},
        "executionTimeoutMinutes": request.get("executionTimeoutMinutes", 720),
        "mode": "BATCH",
        "retryPolicy": {"maxAttempts": 1, **(request.get("retryPolicy") or {})},
        "attempt": 1,
        "attemptCreatedAt": now,
        "attemptUpdatedAt": now,
        "_token": request["clientToken"],
        "_request": {k: v for k, v in request.items() if k != "clientToken"},
        "_attempts": [],
    }
    if "spark.master" in configuration(run, application):
        raise errors.validation("Option 'spark.master' is not supported")
    return run


def configuration(run: Document, application: Document) -> dict[str, str]:
    """spark-defaults of the application, then of the run."""
    overrides = run["configurationOverrides"].get("applicationConfiguration") or []
    conf: dict[str, str] = {}
    for entry in [*(application.get("runtimeConfiguration") or []), *overrides]:
        name = entry["classification"]
        if name not in CLASSIFICATIONS:
            raise errors.validation(f"Unknown configuration overrides classification: {name}")
        if name == "spark-defaults":
            conf.update(entry.get("properties") or {})
    parameters = run["jobDriver"]["sparkSubmit"].get("sparkSubmitParameters") or ""
    if any(word.startswith("spark.master=") for word in shlex.split(parameters)):
        conf["spark.master"] = "refused"
    return conf


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
        "conf": configuration(run, application),
        "environment": {},
    }


def spark_run_id(run: Document) -> str:
    """A run of its own for each attempt."""
    attempt = run["attempt"]
    return f"{run['jobRunId']}" if attempt == 1 else f"{run['jobRunId']}-{attempt}"


def followed(run: Document, spark: Document, now: float) -> Document:
    """The run after a change in the Spark service."""
    state = STATES[spark["state"]]
    if run["state"] == "CANCELLING" and state not in ENDED:
        return run
    changed = {**run, "state": state, "updatedAt": now, "attemptUpdatedAt": now}
    if spark["started_at"]:
        changed["startedAt"] = spark["started_at"]
    if state == "FAILED":
        changed["stateDetails"] = FAILURE.format(code=spark["exit_code"], cause=spark["error"])
    if state == "FAILED" and run["attempt"] < run["retryPolicy"]["maxAttempts"]:
        return next_attempt(changed, now)
    return ended(changed, now) if state in ENDED else changed


def lost(run: Document, cause: str, now: float) -> Document:
    failed = {**run, "state": "FAILED", "stateDetails": cause, "updatedAt": now}
    return ended(failed, now)


def ended(run: Document, now: float) -> Document:
    seconds = int(now - run.get("startedAt", now))
    return {**run, "endedAt": now, "totalExecutionDurationSeconds": seconds}


def next_attempt(run: Document, now: float) -> Document:
    """The run again from the start, with the ended attempt kept."""
    return {
        **run,
        "state": "PENDING",
        "stateDetails": "",
        "attempt": run["attempt"] + 1,
        "attemptCreatedAt": now,
        "attemptUpdatedAt": now,
        "_attempts": [*run["_attempts"], attempt_summary(run)],
    }


def attempt_summary(run: Document) -> Document:
    document = {**summary(run), "jobCreatedAt": run["createdAt"]}
    for name in ("createdAt", "updatedAt"):
        document[name] = run[f"attempt{name[0].upper()}{name[1:]}"]
    return document


def summary(run: Document) -> Document:
    return {**{name: run.get(name) for name in SUMMARY}, "id": run["jobRunId"]}


def described(run: Document) -> Document:
    return {name: value for name, value in run.items() if not name.startswith("_")}
