"""The errors with which the services of this project answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from localstack.aws.api import CommonServiceException

# The code by which a service tells that a request is not as its model says, where it is not
# ValidationException.
INVALID_REQUEST = {
    "athena": "InvalidRequestException",
    "cloudwatch": "ValidationError",
    "logs": "InvalidParameterException",
    "sns": "InvalidParameter",
    "sqs": "InvalidParameterValue",
}


class AwsError(CommonServiceException):
    """An error of a service's API model; further members of its shape are attributes.

    It is of a class of its code's name: by that LocalStack's serialiser calls an error of a service
    that speaks JSON and, to older clients, the query protocol (SQS, CloudWatch).
    """

    def __init__(
        self, code: str, message: str, status_code: int = 400, **members: str | None
    ) -> None:
        super().__init__(code, message, status_code=status_code, sender_fault=status_code < 500)
        kind: Any = type(self)
        self.__class__ = _named(kind, code)
        for name, value in members.items():
            setattr(self, name, value)


@cache
def _named(kind: Any, code: str) -> Any:
    return type(code, (kind,), {})


def invalid_request(service: str, message: str) -> AwsError:
    """What a request that its service's model does not allow is answered."""
    code = INVALID_REQUEST.get(service, "ValidationException")
    if service == "athena":
        return AwsError(code, message, AthenaErrorCode="INVALID_INPUT")
    return AwsError(code, message)
