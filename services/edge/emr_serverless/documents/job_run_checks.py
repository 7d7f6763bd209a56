"""What StartJobRun refuses, with the reason."""

from __future__ import annotations

import re
from typing import Any

from services.edge.emr_serverless import errors

Document = dict[str, Any]
Release = tuple[int, ...]
# Delta's jars in the image of a release, where a job names these instead of jars of its own.
# https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-delta-lake.html
IMAGE_JAR = re.compile(r"/usr/share/aws/delta/lib/([^\s,'\"]+)")
IMAGE_JARS: list[tuple[Release, tuple[str, ...]]] = [
    ((7, 0), ("delta-spark.jar", "delta-storage.jar")),
    ((6, 9), ("delta-core.jar", "delta-storage.jar")),
    ((0, 0), ()),
]

DEFAULT_TIMEOUT_MINUTES = 720
MAXIMUM_BATCH_MINUTES = 10080
FIRST_RELEASE_WITH_RETRIES = (7, 1)


def check_role(role: str, application_arn: str) -> None:
    parts = role.split(":")
    if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("role/"):
        raise errors.validation(f"Expected the ARN of an IAM role, found {role}")
    if parts[4] != application_arn.split(":")[4]:
        raise errors.access_denied("Cross-account pass role is not allowed.")


def checked_driver(driver: Document, application: Document) -> Document:
    if not (driver.get("sparkSubmit") or {}).get("entryPoint"):
        found = ", ".join(driver) or "nothing"
        raise errors.validation(
            f"Expected sparkSubmit with an entryPoint in jobDriver, found {found}: only Spark runs"
            " here"
        )
    _check_image_jars(driver["sparkSubmit"].get("sparkSubmitParameters") or "", application)
    return driver


def _check_image_jars(parameters: str, application: Document) -> None:
    """On AWS the run would start, and fail for want of them."""
    label = application["releaseLabel"]
    known = next(jars for first, jars in IMAGE_JARS if _release(label) >= first)
    if absent := [jar for jar in IMAGE_JAR.findall(parameters) if jar not in known]:
        has = " and ".join(known) or "none"
        raise errors.validation(
            f"{', '.join(absent)} is not in /usr/share/aws/delta/lib of {label}, which has {has}:"
            " name those, or jars in S3"
        )


def minutes(request: Document) -> float:
    asked: float = request.get("executionTimeoutMinutes", DEFAULT_TIMEOUT_MINUTES)
    errors.require_range("executionTimeoutMinutes", asked, 0, MAXIMUM_BATCH_MINUTES)
    return asked


def mode(request: Document) -> str:
    if (request.get("mode") or "BATCH") != "BATCH":
        raise errors.validation(f"Mode {request['mode']} is not available here: expected BATCH")
    return "BATCH"


def attempts(request: Document, application: Document) -> int:
    asked = int((request.get("retryPolicy") or {}).get("maxAttempts") or 1)
    errors.require_range("retryPolicy.maxAttempts", asked, 1, 10)
    if asked > 1 and _release(application["releaseLabel"]) < FIRST_RELEASE_WITH_RETRIES:
        raise errors.validation(
            f"retryPolicy needs release emr-7.1.0 or later, found {application['releaseLabel']}"
        )
    return asked


def _release(label: str) -> Release:
    return tuple(map(int, label.removeprefix("emr-").split(".")[:2]))
