"""Which errors mean that nothing could be written, and which calls are refused without room."""

from __future__ import annotations

import errno
import sqlite3
from types import SimpleNamespace

import pytest

from services.edge.store import disk_space
from services.edge.store.errors import NotStoredError


def asked(service: str, operation: str, body: int = 0) -> SimpleNamespace:
    return SimpleNamespace(
        service=SimpleNamespace(service_name=service),
        operation=SimpleNamespace(name=operation),
        request=SimpleNamespace(content_length=body),
    )


def is_refused(found: disk_space.DiskSpaceCheck, service: str, operation: str) -> bool:
    try:
        found.before_call(None, asked(service, operation), None)
    except NotStoredError:
        return True
    return False


@pytest.fixture
def full(tmp_path, monkeypatch) -> disk_space.DiskSpaceCheck:
    """More than any disk has is kept in reserve."""
    monkeypatch.setattr(disk_space, "RESERVE", 2**62)
    return disk_space.DiskSpaceCheck(tmp_path, ["iam", "s3"])


@pytest.mark.parametrize("operation", ["CreateRole", "PutRolePolicy", "TagRole", "UpdateRole"])
def test_without_room_what_changes_is_refused(full, operation):
    with pytest.raises(NotStoredError, match=f"{operation} is refused: LAKE_DIR .* make room"):
        full.before_call(None, asked("iam", operation), None)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("iam", "GetRole"),
        ("iam", "ListRoles"),
        ("iam", "DeleteRole"),
        ("s3", "HeadObject"),
        ("s3", "AbortMultipartUpload"),
        ("sts", "GetSessionToken"),
        ("sqs", "SendMessage"),
    ],
)
def test_reading_deleting_and_services_without_state_go_on(full, service, operation):
    assert not is_refused(full, service, operation)


def test_with_room_a_body_counts(tmp_path):
    found = disk_space.DiskSpaceCheck(tmp_path, ["s3"])
    found.before_call(None, asked("s3", "PutObject", 1000), None)
    with pytest.raises(NotStoredError, match="MB for this call") as refused:
        found.before_call(None, asked("s3", "PutObject", 2**60), None)
    assert refused.value.code == "InternalError"


def test_only_what_could_not_be_written_is_a_full_disk():
    assert disk_space.is_full(OSError(errno.ENOSPC, "No space left on device"))
    assert disk_space.is_full(OSError(errno.EROFS, "Read-only file system"))
    assert not disk_space.is_full(FileNotFoundError(errno.ENOENT, "x"))
    assert not disk_space.is_full(ValueError("x"))


def test_a_locked_database_is_none_that_was_damaged(tmp_path):
    first = sqlite3.connect(tmp_path / "db", isolation_level=None)
    second = sqlite3.connect(tmp_path / "db", isolation_level=None, timeout=0)
    first.execute("CREATE TABLE t (x)")
    first.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        second.execute("INSERT INTO t VALUES (1)")
    first.close()
    with pytest.raises(sqlite3.OperationalError) as wrong:
        second.execute("INSERT INTO nothing VALUES (1)")
    second.close()
    assert disk_space.is_full(locked.value)
    assert not disk_space.is_full(wrong.value)


def test_a_change_waits_until_there_is_room(monkeypatch):
    monkeypatch.setattr(disk_space, "PAUSE_SECONDS", 0)
    answers = [OSError(errno.ENOSPC, "full"), OSError(errno.ENOSPC, "full"), 7]

    def change():
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    assert disk_space.retried_until_stored(change) == 7
