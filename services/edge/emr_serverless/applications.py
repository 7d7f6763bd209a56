"""EMR Serverless applications as documents, and the states that they may be in."""

from __future__ import annotations

import re
import secrets
from typing import Any

from localstack.aws.api import CommonServiceException

from services.edge.emr_serverless import errors

Document = dict[str, Any]

RELEASE = re.compile(r"^emr-(6\.(6|7|8|9|10|11|12|13|14|15)|7\.([0-9]|1[0-2]))\.0$")
STOPPED = frozenset({"CREATED", "STOPPED"})
DAY_MINUTES = 15
DEFAULTS: Document = {
    "autoStartConfiguration": {"enabled": True},
    "autoStopConfiguration": {"enabled": True, "idleTimeoutMinutes": DAY_MINUTES},
    "architecture": "X86_64",
}
SETTINGS = (
    "initialCapacity",
    "maximumCapacity",
    "autoStartConfiguration",
    "autoStopConfiguration",
    "networkConfiguration",
    "architecture",
    "imageConfiguration",
    "workerTypeSpecifications",
    "runtimeConfiguration",
    "monitoringConfiguration",
    "interactiveConfiguration",
    "schedulerConfiguration",
    "releaseLabel",
)
SUMMARY = (
    *("id", "name", "arn", "releaseLabel", "type", "state", "stateDetails"),
    *("createdAt", "updatedAt", "architecture"),
)


def new_id() -> str:
    """16 characters of [0-9a-z] that start with 00, as AWS's do."""
    return "00" + "".join(secrets.choice("0123456789abcdefghijklmnopqrstuv") for _ in range(14))


def created(request: Document, arn_prefix: str, now: float) -> Document:
    """A new application; raises ValidationException for what cannot run here."""
    check_release(request["releaseLabel"])
    if request["type"].upper() != "SPARK":
        raise errors.validation(
            f"Unsupported engine {request['type']}: expected SPARK; only Spark runs here"
        )
    identifier = new_id()
    given = {name: request[name] for name in SETTINGS if request.get(name) is not None}
    stop = {**DEFAULTS["autoStopConfiguration"], **given.get("autoStopConfiguration", {})}
    if not 1 <= stop["idleTimeoutMinutes"] <= 10080:
        raise errors.validation("autoStopConfiguration.idleTimeoutMinutes must be 1 to 10080")
    return {
        **DEFAULTS,
        **given,
        "autoStopConfiguration": stop,
        "applicationId": identifier,
        "name": request.get("name"),
        "arn": f"{arn_prefix}:/applications/{identifier}",
        "type": "Spark",
        "state": "CREATED",
        "stateDetails": "",
        "createdAt": now,
        "updatedAt": now,
        "tags": request.get("tags") or {},
    }


def updated(application: Document, request: Document, now: float) -> Document:
    if application["state"] not in STOPPED:
        raise wrong_state(application)
    given = {name: request[name] for name in SETTINGS if request.get(name) is not None}
    if "releaseLabel" in given:
        check_release(given["releaseLabel"])
    return {**application, **given, "updatedAt": now}


def check_release(label: str) -> None:
    if not RELEASE.match(label):
        raise errors.validation(
            f"Type 'SPARK' is not supported for release label '{label}' or release label does"
            " not exist"
        )


def wrong_state(application: Document) -> CommonServiceException:
    return errors.validation(
        f"Application {application['applicationId']} must be in one of the following statuses"
        f" [CREATED, STOPPED]. Current status: {application['state']}"
    )


def summary(application: Document) -> Document:
    renamed = {**application, "id": application["applicationId"]}
    return {name: renamed.get(name) for name in SUMMARY}
