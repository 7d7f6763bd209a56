"""The states of an application and what moves it from one to the next; pure.

CREATED -> STARTING -> STARTED -> STOPPING -> STOPPED -> STARTING ..., TERMINATED from CREATED and
STOPPED: https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications.html
"""

from __future__ import annotations

from typing import Any

from services.edge.aws.errors import AwsError
from services.edge.emr_serverless import errors

Document = dict[str, Any]

AT_REST = ("CREATED", "STOPPED")
UP = ("STARTING", "STARTED")


def asked_to_start(application: Document, now: float) -> Document:
    """STARTING, or as it is where it has started already."""
    if application["state"] in UP:
        return application
    _require(application, AT_REST)
    return _moved(application, "STARTING", now)


def started(application: Document, now: float) -> Document:
    """STARTED, once Spark takes jobs; whatever happened meanwhile stands."""
    return (
        _moved(application, "STARTED", now) if application["state"] == "STARTING" else application
    )


def not_started(application: Document, cause: str, now: float) -> Document:
    """STOPPED with the cause, as Spark takes no jobs."""
    if application["state"] != "STARTING":
        return application
    return _moved(application, "STOPPED", now, f"The application could not be started: {cause}")


def asked_to_stop(application: Document, *, active_runs: int, now: float) -> Document:
    """STOPPING, or as it is where it is stopped already; refused while runs have not ended."""
    if application["state"] in ("STOPPING", "STOPPED"):
        return application
    _require(application, ("CREATED", *UP))
    if active_runs:
        raise errors.validation(
            f"Application {application['applicationId']} has {active_runs} job runs that have not"
            " ended: wait for them or cancel them first"
        )
    return _moved(application, "STOPPING", now)


def stopped(application: Document, now: float) -> Document:
    return (
        _moved(application, "STOPPED", now) if application["state"] == "STOPPING" else application
    )


def terminated(application: Document, now: float) -> Document:
    _require(application, AT_REST)
    return _moved(application, "TERMINATED", now)


def ready_for_job(application: Document, now: float) -> Document:
    """The application as a job submission leaves it: started on its own where it may be."""
    if application["state"] in UP:
        return application
    if application["state"] in AT_REST and not application["autoStartConfiguration"]["enabled"]:
        raise errors.validation(
            f"Application {application['applicationId']} is {application['state']} and its"
            " autoStartConfiguration is disabled: call StartApplication first"
        )
    return asked_to_start(application, now)


def idle(application: Document, runs: list[Document], now: float) -> bool:
    """Whether auto-stop is due: started, nothing going on, and that for the idle time-out."""
    stop = application["autoStopConfiguration"]
    if application["state"] != "STARTED" or not stop["enabled"]:
        return False
    if any("endedAt" not in run for run in runs):
        return False
    last = max([application["updatedAt"], *(run["endedAt"] for run in runs)])
    return bool(now - last >= stop["idleTimeoutMinutes"] * 60)


def _require(application: Document, states: tuple[str, ...]) -> None:
    if application["state"] not in states:
        raise wrong_state(application, states)


def wrong_state(application: Document, states: tuple[str, ...]) -> AwsError:
    return errors.validation(
        f"Application {application['applicationId']} must be in one of the following statuses"
        f" [{', '.join(states)}]. Current status: {application['state']}"
    )


def _moved(application: Document, state: str, now: float, details: str = "") -> Document:
    return {**application, "state": state, "stateDetails": details, "updatedAt": now}
