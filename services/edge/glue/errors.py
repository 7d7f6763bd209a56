"""The errors with which AWS Glue answers, as LocalStack serialises them."""

from __future__ import annotations

from services.edge.aws.errors import AwsError


class GlueError(AwsError):
    """One of the errors of Glue's API model."""


def invalid_input(message: str) -> GlueError:
    return GlueError("InvalidInputException", message)


def not_found(what: str) -> GlueError:
    return GlueError("EntityNotFoundException", f"{what} not found.")


def already_exists(what: str) -> GlueError:
    return GlueError("AlreadyExistsException", f"{what} already exists.")


def too_many_runs(job: str, limit: int) -> GlueError:
    return GlueError(
        "ConcurrentRunsExceededException", f"Concurrent runs exceeded for {job} (limit {limit})."
    )


def internal(message: str) -> GlueError:
    return GlueError("InternalServiceException", message, status_code=500)


def concurrent_modification(what: str) -> GlueError:
    return GlueError(
        "ConcurrentModificationException", f"{what} failed due to concurrent modifications."
    )


def invalid_state(message: str) -> GlueError:
    return GlueError("InvalidStateException", message)


def detail(error: GlueError) -> dict[str, str]:
    """The error of one entry of a batch."""
    return {"ErrorCode": error.code, "ErrorMessage": error.message.rstrip(".")}
