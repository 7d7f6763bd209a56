"""Whether there is room for a change: asked before it is made, so that none is made by half.

LocalStack's services change their state in memory, and only then can it be saved. A change that
then finds no room would be seen until the next restart. So calls that change are refused while
less than RESERVE is free; what it takes to save those let through comes out of that reserve.
"""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from localstack.aws.handlers.service import ServiceExceptionSerializer
from localstack.utils.patch import patch

from services.edge.store.errors import NotStoredError, not_stored

LOG = logging.getLogger(__name__)
T = TypeVar("T")

PAUSE_SECONDS = 1.0
ERRNOS = (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES)
SQLITE_CODES = (
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
)
RESERVE = 8 * 2**20
PLENTY, KNOWN_SECONDS = 2**30, 0.1
_known_until: dict[Path, float] = {}
READS = ("BatchGet", "Describe", "Filter", "Get", "Head", "List", "Lookup", "Search", "Select")
READS_TOO = ("Simulate", "Test", "Validate")
# These make room, or end what would fill it: they may use the reserve.
ENDS = ("Abort", "BatchDelete", "BatchStop", "Cancel", "Delete", "Remove", "Stop", "Untag")
WITHOUT_STATE = ("AssumeRole", "Invoke", "InvokeAsync", "PutEvents")


class DiskSpaceCheck:
    """Refuses the calls for which `folder` has no room; one handler of LocalStack's chain."""

    def __init__(self, folder: Path, services: Iterable[str]) -> None:
        self._folder = folder
        self._services = frozenset(services)

    def before_call(self, _chain: Any, context: Any, _response: Any) -> None:
        if context.service is None or context.operation is None:
            return
        service, operation = context.service.service_name, context.operation.name
        if service not in self._services or operation in WITHOUT_STATE:
            return
        if operation.startswith((*READS, *READS_TOO, *ENDS)):
            return
        if lack := shortage(self._folder, context.request.content_length or 0):
            code = "InternalError" if service == "s3" else "InternalFailure"
            raise NotStoredError(f"{operation} is refused: {lack}, then repeat the call.", code)


class ReadOnlyError(Exception):
    """The edge cannot keep anything; the message says where and what to do."""


def check_writable(folder: Path) -> None:
    """On a full disk the edge does start: objects can be deleted there."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise ReadOnlyError(shortage(folder))


def shortage(folder: Path, wanted: int = 0) -> str | None:
    """Why `wanted` bytes cannot be written below the folder now, and what to do; else None.

    Where much more is left than could be written meanwhile, that is known for a while.
    """
    now, needed = time.monotonic(), wanted + RESERVE
    if now < _known_until.get(folder, 0.0) and needed <= PLENTY:
        return None
    found = os.statvfs(folder)
    if found.f_flag & os.ST_RDONLY:
        return f"LAKE_DIR ({folder}) is read-only. Mount it so that it can be written"
    free = found.f_bavail * found.f_frsize
    if free >= needed:
        if free >= 2 * PLENTY:
            _known_until[folder] = now + KNOWN_SECONDS
        return None
    return (
        f"LAKE_DIR ({folder}) has {free / 2**20:.1f} MB left, expected {wanted / 2**20:.1f} MB for"
        f" this call beside {RESERVE / 2**20:.0f} MB in reserve. Delete objects or make room"
    )


def name_the_folder_in_errors() -> None:
    """What the operating system or SQLite refuses in the middle of a call names LAKE_DIR too."""

    @patch(ServiceExceptionSerializer.create_exception_response)
    def create_exception_response(
        create: Any, self: Any, exception: Exception, context: Any
    ) -> Any:
        if context.operation and is_full(exception):
            exception = not_stored(context.operation.name, exception)
        return create(self, exception, context)


def is_full(error: Exception) -> bool:
    """Whether nothing could be written: no room, no permission, or a read-only file system."""
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in SQLITE_CODES
    return isinstance(error, OSError) and error.errno in ERRNOS


def retried_until_stored(change: Callable[[], T]) -> T:
    """The answer of a change that nobody can be told the error of: made once there is room."""
    while True:
        try:
            return change()
        except (sqlite3.OperationalError, OSError) as error:
            if not is_full(error):
                raise
            LOG.warning("Not stored, tried again: %s", error)
            time.sleep(PAUSE_SECONDS)
