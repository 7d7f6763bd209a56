"""The errors with which EMR Serverless answers."""

from __future__ import annotations

from services.edge.aws.errors import AwsError


def validation(message: str) -> AwsError:
    return AwsError("ValidationException", message)


def not_found(what: str, identifier: str) -> AwsError:
    message = f"{what} {identifier} does not exist"
    return AwsError("ResourceNotFoundException", message, 404)


def conflict(message: str) -> AwsError:
    return AwsError("ConflictException", message, 409)


def internal(message: str) -> AwsError:
    return AwsError("InternalServerException", message, 500)


def access_denied(message: str) -> AwsError:
    return AwsError("AccessDeniedException", message, 403)


def require_range(name: str, value: float, low: int, high: int) -> None:
    if not low <= value <= high:
        raise validation(f"Expected {name} from {low} to {high}, found {value}")
