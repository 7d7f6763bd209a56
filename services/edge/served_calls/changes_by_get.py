"""Calls by GET change nothing: an <img> in any page sends one, with a signature if it likes.

AWS takes its query protocols by GET too, SDKs send POST. Reading stays, as presigned calls of
GetCallerIdentity need it, and so do the two links that SNS mails, for each bears a secret.
https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html
"""

from __future__ import annotations

from typing import Any

from services.edge.aws.errors import AwsError

SAFE_METHODS = ("GET", "HEAD")
READING = ("Get", "List", "Describe")
WITH_A_SECRET = ("ConfirmSubscription", "Unsubscribe")


def changes(action: str) -> bool:
    return not action.startswith(READING) and action not in WITH_A_SECRET


def refuse(_chain: Any, context: Any, _response: Any) -> None:
    """A handler of LocalStack's chain, after the request is parsed."""
    if context.operation is None or context.request.method not in SAFE_METHODS:
        return
    if context.operation.http.get("method") not in SAFE_METHODS and changes(context.operation.name):
        raise refused(context.operation.name)


def refused(action: str) -> AwsError:
    message = f"{action} by GET is refused, for a page can send it: use POST, as the SDKs do"
    return AwsError("AccessDenied", message, status_code=403)
