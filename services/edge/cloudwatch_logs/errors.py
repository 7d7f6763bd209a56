"""The errors with which CloudWatch Logs answers, as LocalStack serialises them."""

from __future__ import annotations

from services.edge.aws.errors import AwsError


def invalid_parameter(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


def not_found(what: str) -> AwsError:
    message = f"The specified {what} does not exist."
    return AwsError("ResourceNotFoundException", message)
