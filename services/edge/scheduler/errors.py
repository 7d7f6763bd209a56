"""The errors with which EventBridge Scheduler answers."""

from __future__ import annotations

from services.edge.aws.errors import AwsError


def validation(message: str) -> AwsError:
    return AwsError("ValidationException", message)


def not_found(what: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"{what} does not exist.", 404)


def conflict(message: str) -> AwsError:
    return AwsError("ConflictException", message, 409)
