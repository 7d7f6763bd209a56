"""A full and a read-only disk below a live edge: what is acknowledged stays, nothing else."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from services.edge.store.disk_space import RESERVE
from tests.support.call_ledger import BUCKET, Ledger
from tests.support.disk import Disk, mounted
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

TOLD = "Not stored, tried again"


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory) -> Iterator[Disk]:
    with mounted(tmp_path_factory.mktemp("disk") / "lake", 64) as found:
        yield found


@pytest.fixture
def disk(small_disk) -> Iterator[Disk]:
    """It has room again afterwards."""
    yield small_disk
    small_disk.make_room()


@pytest.fixture(scope="module")
def stack(small_disk) -> Iterator[ProcessStack]:
    with ProcessStack(small_disk.folder, logs=small_disk.folder.parent) as running:
        running.start_spark()
        running.start_edge()
        yield running


@pytest.fixture(scope="module")
def ledger(stack) -> Ledger:
    return Ledger(stack)


def test_on_a_full_disk_changes_are_refused_at_once_and_leave_nothing_behind(stack, disk, ledger):
    assert ledger.try_all("refused-before") == []

    disk.fill()
    told = ledger.try_all("refused-full")

    assert len(told) == len(ledger.calls())
    for message in told:
        assert f"LAKE_DIR ({disk.folder}) has 0.0 MB left" in message
        assert "make room" in message
    assert ledger.listed() == ledger.acknowledged  # nothing half done is seen, even now
    body = stack.client("s3").get_object(Bucket=BUCKET, Key="refused-before")["Body"].read()
    assert body == b"x" * 500_000

    disk.make_room()
    assert ledger.try_all("refused-after") == []
    stack.kill("edge")
    stack.start_edge()
    assert ledger.listed() == ledger.acknowledged


def test_what_could_not_be_stored_after_all_has_begun_nothing_and_is_seen_nowhere(stack, ledger):
    """The disk has room when a call is let through, and its file takes nothing more."""
    kinds = ("groups", "roles", "rules", "executions", "stacks")
    edge = stack.running("edge").pid
    before = ledger.listed()
    stacks = stack.client("cloudformation", attempts=1)
    known = stacks.describe_stacks(StackName="refused-before")
    limits = resource.prlimit(edge, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    try:
        for kind in kinds:
            with pytest.raises(ClientError, match="is not stored"):
                ledger.calls()[kind]("late")
        with pytest.raises(ClientError, match="DeleteStack is not stored"):
            stacks.delete_stack(StackName="refused-before")
        with pytest.raises(ClientError):
            ledger.calls()["functions"]("late")
    finally:
        resource.prlimit(edge, resource.RLIMIT_FSIZE, limits)
    assert ledger.listed() == before
    assert stacks.describe_stacks(StackName="refused-before")["Stacks"] == known["Stacks"]
    for kind in (*kinds, "functions"):
        ledger.calls()[kind]("late")
        ledger.acknowledged[kind].add("late")
    stack.kill("edge")
    stack.start_edge()
    assert ledger.listed() == ledger.acknowledged


def test_a_disk_that_fills_up_by_its_own_calls_keeps_its_reserve_and_deleting_helps(
    stack, disk, ledger
):
    s3 = stack.client("s3", attempts=1)
    keys = [f"big-{number}" for number in range(64)]
    with pytest.raises(ClientError, match="LAKE_DIR .* MB left, expected 1.9 MB for this call"):
        for key in keys:
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"x" * 2_000_000)
            ledger.acknowledged["objects"].add(key)
    assert RESERVE - 2**20 < disk.free() < RESERVE + 2**22

    gone = sorted(ledger.acknowledged["objects"])[:5]
    for key in gone:
        s3.delete_object(Bucket=BUCKET, Key=key)
        ledger.acknowledged["objects"].discard(key)
    assert ledger.try_all("own-after") == []
    stack.kill("edge")
    stack.start_edge()
    assert ledger.listed() == ledger.acknowledged
    for key in sorted(ledger.acknowledged["objects"].intersection(keys)):
        s3.delete_object(Bucket=BUCKET, Key=key)
        ledger.acknowledged["objects"].discard(key)


def test_a_job_that_ends_while_the_disk_is_full_is_told_once_there_is_room(stack, disk, ledger):
    emr = stack.client("emr-serverless")
    known = {"applicationId": ledger.application}
    known["jobRunId"] = ledger.start_run("slow", "slow.py", emr)["jobRunId"]

    def state() -> str:
        return str(emr.get_job_run(**known)["jobRun"]["state"])

    until(state, lambda found: found == "RUNNING", 60)
    told = edge_log(stack).count(TOLD)
    disk.fill()
    until(lambda: edge_log(stack).count(TOLD), lambda count: count > told, 60)
    assert state() == "RUNNING"  # what cannot be stored is not told
    disk.make_room()
    assert until(state, lambda found: found != "RUNNING", 60) == "SUCCESS"


def test_the_stack_starts_on_a_full_disk_and_lets_objects_be_deleted(stack, disk, ledger):
    assert ledger.try_all("started-before") == []
    stack.stop("edge")
    disk.fill()
    stack.start_edge()
    assert ledger.listed() == ledger.acknowledged
    disk.make_room()
    stack.client("s3").delete_object(Bucket=BUCKET, Key="started-before")
    ledger.acknowledged["objects"].discard("started-before")
    assert "started-before" not in ledger.listed()["objects"]


def test_on_a_read_only_disk_the_stack_says_so_and_all_is_there_afterwards(stack, disk, ledger):
    assert ledger.try_all("read-only-before") == []
    stack.stop("spark")
    stack.stop("edge")
    disk.remount("ro")
    try:
        with pytest.raises(AssertionError, match="edge ended at its start"):
            stack.start_edge()
        assert f"LAKE_DIR ({disk.folder}) is read-only" in edge_log(stack)
        _, error = stack.lake("up", expect=1)
        assert f"LAKE_DIR ({disk.folder}) cannot be written" in error
    finally:
        disk.remount("rw")
    stack.start_edge()
    assert ledger.listed() == ledger.acknowledged
    stack.start_spark()
    assert ledger.try_all("read-only-after") == []


def edge_log(stack: ProcessStack) -> str:
    return (stack.logs / "edge.log").read_text(errors="replace")
