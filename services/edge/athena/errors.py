"""The errors with which Athena answers."""

from __future__ import annotations

from services.edge.aws.errors import AwsError


def invalid(message: str, code: str = "INVALID_INPUT") -> AwsError:
    return AwsError("InvalidRequestException", message, AthenaErrorCode=code)


def malformed(message: str) -> AwsError:
    return invalid(message, "MALFORMED_QUERY")


def not_found(message: str, name: str) -> AwsError:
    return AwsError("ResourceNotFoundException", message, ResourceName=name)


def metadata(message: str) -> AwsError:
    return AwsError("MetadataException", message)


def require_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise invalid(f"{name} must be from {low} to {high}, found {value}")
