"""AWS's refusals, in the words and the code that each protocol has for them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from typing import Any

from localstack.aws.api import CommonServiceException

from services.edge.permissions.actions.needs import Need

QUERY = ("query", "ec2")


def access_denied(service: Any, message: str) -> CommonServiceException:
    """`service` is botocore's model of it."""
    if service.service_name == "s3" or service.protocol in QUERY:
        return CommonServiceException("AccessDenied", message, 403, sender_fault=True)
    # The protocols of JSON have the same code; over REST its status is 403.
    status = 403 if service.protocol == "rest-json" else 400
    return CommonServiceException("AccessDeniedException", message, status, sender_fault=True)


def text(who: str, need: Need, because: str) -> str:
    resource = f'"{need.resource}"' if need.action.startswith("s3:") else need.resource
    return (
        f"User: {who} is not authorized to perform: {need.action} on resource: {resource} {because}"
    )


def invalid_token(service: Any) -> CommonServiceException:
    if service.service_name == "s3":
        return CommonServiceException(
            "InvalidToken", "The provided token is malformed or otherwise invalid.", 400
        )
    message = "The security token included in the request is invalid."
    if service.protocol in QUERY:
        return CommonServiceException("InvalidClientTokenId", message, 403, sender_fault=True)
    return CommonServiceException("UnrecognizedClientException", message, _status(service))


def expired_token(service: Any) -> CommonServiceException:
    if service.service_name == "s3":
        return CommonServiceException("ExpiredToken", "The provided token has expired.", 400)
    message = "The security token included in the request is expired"
    code = "ExpiredToken" if service.protocol in QUERY else "ExpiredTokenException"
    return CommonServiceException(code, message, 403 if service.protocol in QUERY else 400)


def _status(service: Any) -> int:
    return 403 if service.protocol == "rest-json" else 400
