"""Why a page has nothing to show: what goes on, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    NoAuthTokenError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from deltalake.exceptions import DeltaError

UNREACHABLE = (ConnectionError, HTTPClientError)
UNSIGNED = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    ProfileNotFound,
    NoRegionError,
    SSOError,
    NoAuthTokenError,
    TokenRetrievalError,
)
# Whoever asks is not known, or not any more: signing in again helps.
UNKNOWN = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "400",  # to a HEAD, which is answered without a body, where a session has ended
)
# Known, but not allowed. Of an answer without a body botocore makes the status the code.
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "Forbidden")


class NothingToShowError(Exception):
    """Ends a page early: `app.py` shows the state, and looks again until it has passed."""

    def __init__(self, title: str, text: str, command: str | None = None) -> None:
        super().__init__(f"{title}. {text}")
        self.title, self.text, self.command = title, text, command


def no_connection(endpoint_url: str | None) -> NothingToShowError:
    if endpoint_url is None:
        text = "AWS does not answer. Check the network, and which account you are in:"
        return NothingToShowError("No connection", text, "aws sts get-caller-identity")
    text = f"Nothing answers at {endpoint_url}. Start it; this page waits for it:"
    return NothingToShowError("The stack is not running", text, "make up")


def no_credentials(reason: str) -> NothingToShowError:
    text = f"Nobody is signed in to AWS: {reason}. Sign in, then start the dashboard again:"
    return NothingToShowError("No credentials", text, "aws sso login --profile NAME")


def denied(reason: str) -> NothingToShowError:
    text = (
        f"These credentials may not read this: {reason}. See whose they are; they need to read the"
        " pipeline's buckets, state machine and logs:"
    )
    return NothingToShowError("Access denied", text, "aws sts get-caller-identity")


def refused(reason: str, endpoint_url: str | None) -> NothingToShowError:
    text = f"{reason}. This page tries again by itself"
    if endpoint_url is None:
        return NothingToShowError("A call failed", f"{text}.")
    text += "; if it stays so, see what the endpoint says:"
    return NothingToShowError("A call failed", text, "lake logs edge")


def not_deployed(bucket: str, endpoint_url: str | None) -> NothingToShowError:
    if endpoint_url is None:
        text = f"This account has no bucket {bucket}. Check prefix and profile, or promote:"
        return NothingToShowError("Nothing is deployed yet", text, "lake promote plan --help")
    text = f"There is no bucket {bucket}. Deploy:"
    return NothingToShowError("Nothing is deployed yet", text, "make deploy")


def no_tables(names: Iterable[str], endpoint_url: str | None) -> NothingToShowError:
    text = f"The pipeline has not written {', '.join(names)}."
    if endpoint_url is None:
        text += " It does once webhooks have come in and a run has ended: see page Pipeline."
        return NothingToShowError("No tables yet", text)
    text += " Send webhooks, then run the pipeline:"
    return NothingToShowError("No tables yet", text, "make replay\nmake run")


def no_stack(stack: str, endpoint_url: str | None) -> NothingToShowError:
    text = f"Stack {stack} is not deployed."
    if endpoint_url is None:
        text += " Check prefix and profile, or promote the pipeline:"
        return NothingToShowError("Nothing to run yet", text, "lake promote plan --help")
    return NothingToShowError("Nothing to run yet", text, "make deploy")


def not_run(endpoint_url: str | None) -> NothingToShowError:
    text = "The button above runs the whole state machine."
    if endpoint_url is None:
        return NothingToShowError("Not run yet", text)
    return NothingToShowError("Not run yet", f"{text} Send webhooks first:", "make replay")


def unreadable(name: str, error: Exception, endpoint_url: str | None) -> NothingToShowError:
    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    if any(mark in str(error) for mark in ("AccessDenied", "403 Forbidden", "Unauthorized")):
        return denied(f"{name}: {reason}")
    text = (
        f"{name} is there but cannot be read: {reason}. This page tries again by itself; if it"
        " stays so, see what the last run did to the table"
    )
    if endpoint_url is None:
        return NothingToShowError("A table cannot be read", f"{text} on page Pipeline.")
    return NothingToShowError("A table cannot be read", f"{text}:", "lake logs emr")


def of_failed_call(error: Exception, endpoint_url: str | None, bucket: str) -> Exception:
    """The state that a failed call means; the error itself where it is none of AWS's."""
    if isinstance(error, UNREACHABLE):
        return no_connection(endpoint_url)
    if isinstance(error, UNSIGNED):
        return no_credentials(str(error).rstrip("."))
    if isinstance(error, ClientError):
        return _of_answer(error, endpoint_url, bucket)
    if isinstance(error, DeltaError):
        return unreadable("A table", error, endpoint_url)
    if isinstance(error, BotoCoreError):
        return refused(str(error).rstrip("."), endpoint_url)
    return error


def _of_answer(error: ClientError, endpoint_url: str | None, bucket: str) -> NothingToShowError:
    code = error.response["Error"].get("Code", "")
    told = (error.response["Error"].get("Message") or code).rstrip(".")
    if code in ("NoSuchBucket", "404"):
        return not_deployed(bucket, endpoint_url)
    if code in UNKNOWN:
        return no_credentials(told)
    if code in DENIED:
        return denied(f"{error.operation_name} was answered {told}")
    return refused(f"{error.operation_name} was answered {code}: {told}", endpoint_url)
