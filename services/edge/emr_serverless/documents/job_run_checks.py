"""What StartJobRun refuses, with the reason."""

from __future__ import annotations

from typing import Any

from services.edge.emr_serverless import errors
from services.edge.emr_serverless.documents.image_jars import release

Document = dict[str, Any]
DEFAULT_TIMEOUT_MINUTES = 720
MAXIMUM_BATCH_MINUTES = 10080
FIRST_RELEASE_WITH_RETRIES = (7, 1)


def check_role(role: str, application_arn: str) -> None:
    parts = role.split(":")
    if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("role/"):
        raise errors.validation(f"Expected the ARN of an IAM role, found {role}")
    if parts[4] != application_arn.split(":")[4]:
        raise errors.access_denied("Cross-account pass role is not allowed.")


def checked_driver(driver: Document) -> Document:
    if not (driver.get("sparkSubmit") or {}).get("entryPoint"):
        found = ", ".join(driver) or "nothing"
        raise errors.validation(
            f"Expected sparkSubmit with an entryPoint in jobDriver, found {found}: only Spark runs"
            " here"
        )
    return driver


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
    if asked > 1 and release(application["releaseLabel"]) < FIRST_RELEASE_WITH_RETRIES:
        raise errors.validation(
            f"retryPolicy needs release emr-7.1.0 or later, found {application['releaseLabel']}"
        )
    return asked
