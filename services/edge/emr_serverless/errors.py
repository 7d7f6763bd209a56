"""The errors with which EMR Serverless answers."""

from __future__ import annotations

from typing import Any

from localstack.aws.api import CommonServiceException


def validation(message: str) -> CommonServiceException:
    return CommonServiceException("ValidationException", message, 400, sender_fault=True)


def not_found(what: str, identifier: str) -> CommonServiceException:
    message = f"{what} {identifier} does not exist"
    return CommonServiceException("ResourceNotFoundException", message, 404, sender_fault=True)


def conflict(message: str) -> CommonServiceException:
    return CommonServiceException("ConflictException", message, 409, sender_fault=True)


def internal(message: str) -> CommonServiceException:
    return CommonServiceException("InternalServerException", message, 500)


def access_denied(message: str) -> CommonServiceException:
    return CommonServiceException("AccessDeniedException", message, 403, sender_fault=True)


def require(request: dict[str, Any], *names: str) -> None:
    """SDKs check this themselves; raw requests and Step Functions do not."""
    if missing := [name for name in names if request.get(name) in (None, "")]:
        raise validation(f"Expected {', '.join(missing)} in the request, found nothing")


def require_range(name: str, value: float, low: int, high: int) -> None:
    if not low <= value <= high:
        raise validation(f"Expected {name} from {low} to {high}, found {value}")
