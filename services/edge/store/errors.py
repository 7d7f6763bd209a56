"""The error of a call whose change could not be written: it is not acknowledged."""

from __future__ import annotations

from localstack.aws.api import CommonServiceException


def not_stored(what: str, cause: Exception) -> CommonServiceException:
    return CommonServiceException(
        "InternalFailure",
        f"{what} is not stored and would be lost at a restart: {cause}. Expected to write to"
        " LAKE_DIR: look at its space and permissions, then repeat the call.",
        status_code=500,
    )
