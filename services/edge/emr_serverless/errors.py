"""The errors with which EMR Serverless answers."""

from __future__ import annotations

from localstack.aws.api import CommonServiceException


def validation(message: str) -> CommonServiceException:
    return CommonServiceException("ValidationException", message, 400, sender_fault=True)


def not_found(what: str, identifier: str) -> CommonServiceException:
    message = f"{what} {identifier} does not exist"
    return CommonServiceException("ResourceNotFoundException", message, 404, sender_fault=True)


def conflict(message: str) -> CommonServiceException:
    return CommonServiceException("ConflictException", message, 409, sender_fault=True)
