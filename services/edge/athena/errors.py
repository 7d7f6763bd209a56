"""The errors with which Athena answers."""

from __future__ import annotations

from typing import Any

from localstack.aws.api import CommonServiceException


class AthenaError(CommonServiceException):
    """An answer 400; further members of the error's shape are attributes."""

    def __init__(self, code: str, message: str, **members: str) -> None:
        super().__init__(code, message, status_code=400, sender_fault=True)
        for name, value in members.items():
            setattr(self, name, value)


def invalid(message: str, code: str = "INVALID_INPUT") -> AthenaError:
    return AthenaError("InvalidRequestException", message, AthenaErrorCode=code)


def malformed(message: str) -> AthenaError:
    return invalid(message, "MALFORMED_QUERY")


def not_found(message: str, name: str) -> AthenaError:
    return AthenaError("ResourceNotFoundException", message, ResourceName=name)


def metadata(message: str) -> AthenaError:
    return AthenaError("MetadataException", message)


def require_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise invalid(f"{name} must be from {low} to {high}, found {value}")


def page(
    request: dict[str, Any], found: list[dict[str, Any]], key: str, most: int
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The page that is asked for, and what belongs to the answer; a token is the last key before.

    So what is added or deleted between two calls moves nothing.
    """
    size = most if request.get("MaxResults") is None else int(request["MaxResults"])
    require_range("MaxResults", size, 1, most)
    start = 0
    if token := request.get("NextToken"):
        keys = [one[key] for one in found]
        if token not in keys:
            raise invalid(f"NextToken {token!r} was not given by this operation, or is outdated")
        start = keys.index(token) + 1
    chosen = found[start : start + size]
    more = start + size < len(found)
    return chosen, {"NextToken": chosen[-1][key]} if more else {}
