"""Why a page has nothing to show: what goes on, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

UNREACHABLE = (ConnectionError, HTTPClientError)
# A HEAD is answered without a body: 403, and 400 where a session has ended.
REFUSED = (
    *("AccessDenied", "AccessDeniedException", "403", "400"),
    *("ExpiredToken", "ExpiredTokenException", "InvalidToken"),
    *("InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"),
    "SignatureDoesNotMatch",
)
NO_LOGIN = (
    *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"),
    *("TokenError", "TokenRetrievalError", "SSOTokenLoadError", "UnauthorizedSSOTokenError"),
)


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
    text = f"AWS refused to be read: {reason}. Sign in to the account of the pipeline:"
    command = "aws sso login --profile NAME"
    return NothingToShowError("No access", text, command)


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
    text = (
        f"{name} is there but cannot be read: {reason}. This page tries again by itself; if it"
        " stays so, see what the last run did to the table"
    )
    if endpoint_url is None:
        return NothingToShowError("A table cannot be read", f"{text} on page Pipeline.")
    return NothingToShowError("A table cannot be read", f"{text}:", "lake logs emr")


def of_failed_call(error: Exception, endpoint_url: str | None, bucket: str) -> Exception:
    """The state that a failed call to S3 means; the error itself where it means none."""
    if isinstance(error, UNREACHABLE):
        return no_connection(endpoint_url)
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        if code in ("NoSuchBucket", "404"):
            return not_deployed(bucket, endpoint_url)
        if code in REFUSED:
            return no_credentials(error.response["Error"].get("Message") or code)
    elif type(error).__name__ in NO_LOGIN:
        return no_credentials(str(error).rstrip("."))
    return error
