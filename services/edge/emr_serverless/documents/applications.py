"""EMR Serverless applications as documents: what a request makes of one, or why it is refused."""

from __future__ import annotations

import re
import secrets
from typing import Any

from services.edge.emr_serverless import errors
from services.edge.emr_serverless.documents import application_states as states
from services.edge.emr_serverless.documents.configuration import check_classifications

Document = dict[str, Any]

# https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
RELEASE = re.compile(r"^emr-(6\.(6|7|8|9|10|11|12|13|14|15)|7\.(\d|1[0-2]))\.0$")
ID_CHARACTERS = "0123456789abcdefghijklmnopqrstuv"
IDLE_MINUTES = 15  # AWS's default
ARCHITECTURES = ("X86_64", "ARM64")
SETTINGS = (
    "releaseLabel",
    "initialCapacity",
    "maximumCapacity",
    "autoStartConfiguration",
    "autoStopConfiguration",
    "networkConfiguration",
    "architecture",
    "runtimeConfiguration",
    "monitoringConfiguration",
)
# Echoing these without doing them would be a lie: images, Livy, queues and identities are AWS's.
UNAVAILABLE = (
    "imageConfiguration",
    "workerTypeSpecifications",
    "interactiveConfiguration",
    "schedulerConfiguration",
    "identityCenterConfiguration",
)
SUMMARY = (
    *("name", "arn", "releaseLabel", "type", "state", "stateDetails"),
    *("createdAt", "updatedAt", "architecture"),
)


def new_id() -> str:
    """16 characters of [0-9a-z] that start with 00, as AWS's do."""
    return "00" + "".join(secrets.choice(ID_CHARACTERS) for _ in range(14))


def created(request: Document, arn_prefix: str, identifier: str, now: float) -> Document:
    """A new application; raises ValidationException for what cannot run here."""
    if request["type"].upper() != "SPARK":
        raise errors.validation(
            f"Unsupported engine {request['type']}: expected SPARK, the only one that runs here"
        )
    return {
        "applicationId": identifier,
        "name": request.get("name"),
        "arn": f"{arn_prefix}/applications/{identifier}",
        "type": "Spark",
        "state": "CREATED",
        "stateDetails": "",
        "architecture": "X86_64",
        **_settings(request, {}),
        "createdAt": now,
        "updatedAt": now,
        "tags": request.get("tags") or {},
    }


def updated(application: Document, request: Document, now: float) -> Document:
    """The application with other settings; only one at rest can have them."""
    if application["state"] not in states.AT_REST:
        raise states.wrong_state(application, states.AT_REST)
    return {**application, **_settings(request, application), "updatedAt": now}


def summary(application: Document) -> Document:
    named = {name: application.get(name) for name in SUMMARY}
    return {"id": application["applicationId"], **named}


def _settings(request: Document, present: Document) -> Document:
    if asked := [name for name in UNAVAILABLE if request.get(name)]:
        raise errors.validation(f"{', '.join(asked)} is not available here: leave it out")
    given = {name: request[name] for name in SETTINGS if request.get(name) is not None}
    if "releaseLabel" in given and not RELEASE.match(given["releaseLabel"]):
        raise errors.validation(
            f"Type 'SPARK' is not supported for release label '{given['releaseLabel']}' or release"
            " label does not exist"
        )
    if given.get("architecture", "X86_64") not in ARCHITECTURES:
        raise errors.validation(
            f"Expected architecture {' or '.join(ARCHITECTURES)}, found {given['architecture']}"
        )
    check_classifications(given.get("runtimeConfiguration") or [])
    auto_start = {
        "enabled": True,
        **(present.get("autoStartConfiguration") or {}),
        **(given.get("autoStartConfiguration") or {}),
    }
    auto_stop = {
        "enabled": True,
        "idleTimeoutMinutes": IDLE_MINUTES,
        **(present.get("autoStopConfiguration") or {}),
        **(given.get("autoStopConfiguration") or {}),
    }
    minutes = auto_stop["idleTimeoutMinutes"]
    errors.require_range("autoStopConfiguration.idleTimeoutMinutes", minutes, 1, 10080)
    return {**given, "autoStartConfiguration": auto_start, "autoStopConfiguration": auto_stop}
