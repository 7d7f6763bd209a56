"""A start that finds a damaged file ends at once, by an exit code that says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from localstack.runtime.exceptions import LocalstackExit

from services.edge.store.database import DamagedFileError
from services.exit_codes import DAMAGED_DATA


@contextmanager
def ends_the_start() -> Iterator[None]:
    """LocalStack wraps what a provider raises while it is loaded: the damage is a cause then."""
    try:
        yield
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, DamagedFileError):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            raise
        raise LocalstackExit(f"{cause}\n", DAMAGED_DATA) from error
