"""The errors with which CloudWatch Logs answers, as LocalStack serialises them."""

from __future__ import annotations

from localstack.aws.api import CommonServiceException


def invalid_parameter(message: str) -> CommonServiceException:
    return CommonServiceException("InvalidParameterException", message, sender_fault=True)


def not_found(what: str) -> CommonServiceException:
    message = f"The specified {what} does not exist."
    return CommonServiceException("ResourceNotFoundException", message, sender_fault=True)
