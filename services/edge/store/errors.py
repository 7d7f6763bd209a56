"""The error of a call whose change could not be written: it is not acknowledged."""

from __future__ import annotations

from localstack.aws.api import CommonServiceException


class NotStoredError(CommonServiceException):
    """Answered with status 500, so that clients try again."""

    def __init__(self, message: str, code: str = "InternalFailure") -> None:
        super().__init__(code, message, status_code=500)


def not_stored(what: str, cause: Exception) -> NotStoredError:
    return NotStoredError(
        f"{what} is not stored and would be lost at a restart: {cause}. Expected to write to"
        " LAKE_DIR: look at its space and permissions, then repeat the call."
    )
