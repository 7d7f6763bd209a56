"""A full and a read-only disk below a live edge: what is acknowledged stays, nothing else."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.edge.store.disk_space import RESERVE
from tests.support.disk import Disk, mounted
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

ROLE = "arn:aws:iam::000000000000:role/r"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
PASSING = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
SLOW = "import time\nprint('begun', flush=True)\ntime.sleep(8)\nprint('over')"
BUCKET, TOLD = "kept", "Not stored, tried again"


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


@dataclass
class Ledger:
    """Calls of each kind, by whether they were acknowledged, and what is listed."""

    stack: ProcessStack

    def __post_init__(self) -> None:
        self.stack.client("s3").create_bucket(Bucket=BUCKET)
        self._script("fast.py", "print('done')")
        self._script("slow.py", SLOW)
        emr = self.stack.client("emr-serverless")
        self.application = emr.create_application(releaseLabel="emr-7.12.0", type="SPARK")[
            "applicationId"
        ]
        states = self.stack.client("stepfunctions")
        self.machine = states.create_state_machine(
            name="passing", definition=PASSING, roleArn=ROLE
        )["stateMachineArn"]
        self.acknowledged: dict[str, set[str]] = {kind: set() for kind in self.calls()}
        self.refused: dict[str, set[str]] = {kind: set() for kind in self.calls()}

    def calls(self) -> dict[str, Callable[[str], Any]]:
        def client(service: str) -> Any:
            return self.stack.client(service, attempts=1)

        return {
            "objects": lambda name: client("s3").put_object(
                Bucket=BUCKET, Key=name, Body=b"x" * 500_000
            ),
            "buckets": lambda name: client("s3").create_bucket(Bucket=name),
            "roles": lambda name: client("iam").create_role(
                RoleName=name, AssumeRolePolicyDocument=TRUST
            ),
            "groups": lambda name: client("logs").create_log_group(logGroupName=name),
            "rules": lambda name: client("events").put_rule(
                Name=name, ScheduleExpression="rate(1 day)"
            ),
            "executions": lambda name: client("stepfunctions").start_execution(
                stateMachineArn=self.machine, name=name
            ),
            "jobs": lambda name: client("glue").create_job(
                Name=name,
                Role=ROLE,
                Command={"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/fast.py"},
            ),
            "applications": lambda name: client("emr-serverless").create_application(
                name=name, releaseLabel="emr-7.12.0", type="SPARK"
            ),
            "runs": lambda name: self.start_run(name, "fast.py", client("emr-serverless")),
        }

    def start_run(self, name: str, script: str, emr: Any) -> Any:
        return emr.start_job_run(
            applicationId=self.application,
            name=name,
            executionRoleArn=ROLE,
            jobDriver={"sparkSubmit": {"entryPoint": f"s3://{BUCKET}/{script}"}},
        )

    def try_all(self, name: str) -> list[str]:
        """Makes each call once; the messages of those that were refused."""
        told = []
        for kind, call in self.calls().items():
            try:
                call(name)
                self.acknowledged[kind].add(name)
            except ClientError as error:
                assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 500
                self.refused[kind].add(name)
                told.append(error.response["Error"]["Message"])
        # What an execution becomes by itself is stored when it is read, at the latest.
        states = self.stack.client("stepfunctions")
        search = {"stateMachineArn": self.machine, "statusFilter": "RUNNING"}
        until(lambda: states.list_executions(**search)["executions"], lambda found: not found, 60)
        return told

    def listed(self) -> dict[str, set[str]]:
        """What there is now, without what the fixture made."""
        client, own = self.stack.client, {BUCKET, "fast.py", "slow.py"}
        s3 = client("s3")
        emr = client("emr-serverless")
        found = {
            "objects": [o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET)["Contents"]],
            "buckets": [b["Name"] for b in s3.list_buckets()["Buckets"]],
            "roles": [r["RoleName"] for r in client("iam").list_roles()["Roles"]],
            "groups": [
                g["logGroupName"] for g in client("logs").describe_log_groups()["logGroups"]
            ],
            "rules": [r["Name"] for r in client("events").list_rules()["Rules"]],
            "executions": [
                e["name"]
                for e in client("stepfunctions").list_executions(stateMachineArn=self.machine)[
                    "executions"
                ]
            ],
            "jobs": client("glue").list_jobs()["JobNames"],
            "applications": [
                a["name"] for a in emr.list_applications()["applications"] if a.get("name")
            ],
            "runs": [
                r["name"]
                for r in emr.list_job_runs(applicationId=self.application)["jobRuns"]
                if r["name"] != "slow"
            ],
        }
        return {kind: set(names) - own for kind, names in found.items()}

    def _script(self, key: str, text: str) -> None:
        self.stack.client("s3").put_object(Bucket=BUCKET, Key=key, Body=text.encode())


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


def test_what_could_not_be_stored_after_all_is_seen_nowhere_or_stored_later(stack, ledger):
    """The disk has room when a call is let through, and its file takes nothing more."""
    kinds = ("groups", "roles", "rules")
    edge = stack.running("edge").pid
    before = {kind: ledger.listed()[kind] for kind in kinds}
    limits = resource.prlimit(edge, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    try:
        for kind in (*kinds, "executions"):
            with pytest.raises(ClientError, match="is not stored"):
                ledger.calls()[kind]("late")
    finally:
        resource.prlimit(edge, resource.RLIMIT_FSIZE, limits)
    assert {kind: ledger.listed()[kind] for kind in kinds} == before
    for kind in kinds:
        ledger.calls()[kind]("late")
        ledger.acknowledged[kind].add("late")
    # An execution that has begun goes on: it is stored as soon as that can be done.
    ledger.acknowledged["executions"].add("late")
    time.sleep(3)
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
