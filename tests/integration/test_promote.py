"""`lake promote` against an account of its own on a second endpoint: once through its life."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lake.settings import ROOT
from tests.support.process_stack import LAKE

ACCOUNT, OTHER, PREFIX = "123456789012", "210987654321", "acme-lake"
DATA = [f"{PREFIX}-{layer}-bucket" for layer in ("bronze", "gold", "silver")]


@dataclass
class Console:
    """Runs `lake promote` as somebody with credentials of an account of the second endpoint."""

    url: str
    folder: Path

    def environment(self, account: str, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "MODE": "embedded",
            "CALENDLY_SIGNING_KEYS": "key-of-the-cloud",
            "SOURCE_REPOSITORY_URL": f"{self.url}/_git/{PREFIX}/code.git",
            "SOURCE_CONNECTION_ARN": f"arn:aws:codeconnections:us-east-1:{ACCOUNT}:connection/c",
            **more,
        }

    def promote(self, *arguments: str, account: str = ACCOUNT, **more: str) -> Any:
        return subprocess.run(
            [LAKE, "promote", *arguments],
            env=self.environment(account, **more),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def plan(self, name: str, **more: Any) -> Any:
        return self.promote("plan", "--prefix", PREFIX, "--out", str(self.folder / name), **more)

    def apply(self, name: str, **more: Any) -> Any:
        return self.promote("apply", str(self.folder / name), **more)

    def document(self, name: str) -> dict[str, Any]:
        return dict(json.loads((self.folder / name).read_text()))

    def kill_while_applying(self, name: str, stacks: Any) -> None:
        """Kill the console as soon as the stack is being made."""
        running = subprocess.Popen(
            [LAKE, "promote", "apply", str(self.folder / name)],
            env=self.environment(ACCOUNT),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 120
        while _status(stacks) in (None, "REVIEW_IN_PROGRESS"):
            assert time.monotonic() < deadline and running.poll() is None
            time.sleep(0.05)
        running.kill()
        running.wait(timeout=30)


def _status(stacks: Any) -> str | None:
    try:
        return str(stacks.describe_stacks(StackName=PREFIX)["Stacks"][0]["StackStatus"])
    except stacks.exceptions.ClientError:
        return None


def _buckets(s3: Any) -> list[str]:
    return sorted(b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith(PREFIX))


@pytest.fixture(scope="module")
def console(processes: Any, tmp_path_factory: pytest.TempPathFactory) -> Console:
    return Console(processes.url, tmp_path_factory.mktemp("promote"))


@pytest.fixture(scope="module")
def life(console: Console, processes: Any) -> dict[str, Any]:
    """What each step answered, and how things stood after it."""
    stacks = processes.client("cloudformation", account=ACCOUNT)
    s3 = processes.client("s3", account=ACCOUNT)
    seen: dict[str, Any] = {"first plan": console.plan("first.json")}
    seen["after the plan"] = (_status(stacks), _buckets(s3))
    seen["as another"] = console.apply("first.json", account=OTHER)
    seen["with other settings"] = console.apply("first.json", SIGNATURE_TOLERANCE_SECONDS="60")
    console.kill_while_applying("first.json", stacks)
    seen["apply again"] = console.apply("first.json")
    seen["after applying"] = _status(stacks)
    seen["second plan"] = console.plan("second.json")
    seen["plan of a change"] = console.plan("change.json", SIGNATURE_TOLERANCE_SECONDS="60")
    seen["plan where taken"] = console.plan("taken.json", account=OTHER)
    seen["apply where taken"] = console.apply("taken.json", account=OTHER)
    _change_by_hand(stacks)
    seen["stale"] = console.apply("change.json", SIGNATURE_TOLERANCE_SECONDS="60")
    s3.put_object(Bucket=DATA[0], Key="events/one", Body=b"12345")
    destroy = ("destroy", "--prefix", PREFIX)
    seen["destroy, only said"] = console.promote(*destroy)
    seen["after saying"] = _status(stacks)
    seen["destroy"] = console.promote(*destroy, "--yes")
    seen["after destroying"] = (_status(stacks), _buckets(s3))
    seen["data asked for wrongly"] = console.promote(*destroy, "--yes", "--delete-data", "yes")
    seen["destroy data"] = console.promote(*destroy, "--yes", "--delete-data", PREFIX)
    seen["in the end"] = _buckets(s3)
    seen["destroy nothing"] = console.promote(*destroy, "--yes")
    return seen


def _change_by_hand(stacks: Any) -> None:
    stacks.update_stack(
        StackName=PREFIX,
        UsePreviousTemplate=True,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[
            {"ParameterKey": "ScheduleState", "ParameterValue": "DISABLED"},
            *(
                {"ParameterKey": name, "UsePreviousValue": True}
                for name in (
                    p["ParameterKey"]
                    for p in stacks.describe_stacks(StackName=PREFIX)["Stacks"][0]["Parameters"]
                )
                if name != "ScheduleState"
            ),
        ],
    )
    stacks.get_waiter("stack_update_complete").wait(
        StackName=PREFIX, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )


def test_a_plan_for_an_empty_account_makes_every_resource_and_changes_nothing(
    life: dict[str, Any], console: Console
) -> None:
    assert life["first plan"].returncode == 0, life["first plan"].stderr
    plan = console.document("first.json")
    template = (ROOT / "aws_bootstrap/template.yaml").read_text()
    assert {change["action"] for change in plan["changes"]} == {"Add"}
    assert len(plan["changes"]) == template.count("\n    Type: AWS::")
    assert plan["data_at_risk"] == []
    assert life["after the plan"] == (None, [])


def test_a_plan_says_permissions_and_what_differs_from_the_laptop_without_secrets(
    life: dict[str, Any], console: Console
) -> None:
    text = life["first plan"].stdout
    assert "ScheduleRole may states:StartExecution on ${StateMachine}" in text
    assert "RequireSignature: 'false' -> 'true'" in text
    assert "key-of-the-cloud" not in text + json.dumps(console.document("first.json"))


def test_checks_that_the_stand_in_cannot_answer_are_unknown_and_say_so(
    life: dict[str, Any], console: Console
) -> None:
    states = {c["subject"]: c["state"] for c in console.document("first.json")["checks"]}
    assert states == {
        "credentials": "passed",
        "region": "passed",
        "EMR release": "unknown",
        "quota": "unknown",
        "code connection": "unknown",
        "names": "passed",
    }


def test_a_plan_is_refused_for_another_account_and_after_a_change_of_settings(
    life: dict[str, Any],
) -> None:
    assert life["as another"].returncode == life["with other settings"].returncode == 1
    assert f"for account {ACCOUNT}, found account {OTHER}" in life["as another"].stderr
    assert "settings have changed since the plan was made" in life["with other settings"].stderr


def test_an_apply_that_was_killed_goes_on_and_the_next_plan_is_empty(
    life: dict[str, Any], console: Console
) -> None:
    again = life["apply again"]
    assert again.returncode == 0, again.stderr
    assert "This plan was begun before: going on from there" in again.stdout
    assert "Applied. Webhook" in again.stdout
    assert life["after applying"] == "CREATE_COMPLETE"
    assert life["second plan"].returncode == 0
    assert console.document("second.json")["empty"] is True
    assert "Nothing to do" in life["second plan"].stdout


def test_a_changed_setting_is_one_change_and_nothing_else(
    life: dict[str, Any], console: Console
) -> None:
    plan = console.document("change.json")
    changes = [(c["action"], c["logical_id"], c["replacement"]) for c in plan["changes"]]
    assert changes == [("Modify", "IngestionFunction", False)]
    assert plan["permissions"] == {"added": [], "removed": []}
    assert plan["code_changes"] == plan["data_at_risk"] == []


def test_names_that_another_account_has_are_said_with_the_cure_and_stop_the_apply(
    life: dict[str, Any],
) -> None:
    planned, applied = life["plan where taken"], life["apply where taken"]
    assert planned.returncode == applied.returncode == 1
    assert f"{DATA[0]} belongs to another account" in planned.stdout
    assert "choose another --prefix" in planned.stdout
    assert "checks have not passed, so it is not applied" in applied.stderr


def test_a_stack_that_was_changed_since_the_plan_is_left_alone(life: dict[str, Any]) -> None:
    assert life["stale"].returncode == 1
    assert f"The stack {PREFIX} has changed since the plan was made" in life["stale"].stderr


def test_a_removal_is_said_first_and_keeps_the_data_until_it_is_asked_for_twice(
    life: dict[str, Any],
) -> None:
    assert f"{DATA[0]}: 1 objects, 5 bytes" in life["destroy, only said"].stdout
    assert "Nothing was removed" in life["destroy, only said"].stdout
    assert life["after saying"] == "UPDATE_COMPLETE"
    assert life["destroy"].returncode == 0, life["destroy"].stderr
    assert life["after destroying"] == (None, DATA)
    for bucket in DATA:
        assert f"left: bucket {bucket}" in life["destroy"].stdout
    assert life["data asked for wrongly"].returncode == 1
    assert f"expected '{PREFIX}', found 'yes'" in life["data asked for wrongly"].stderr
    assert life["destroy data"].returncode == 0, life["destroy data"].stderr
    assert life["in the end"] == []
    assert f"Nothing named {PREFIX} is in account {ACCOUNT}" in life["destroy nothing"].stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        ((), {"AWS_ACCESS_KEY_ID": "test"}, "those of the local stack .* --profile"),
        (("--profile", "none"), {}, "Expected the profile 'none' .* list-profiles"),
        ((), {"CALENDLY_SIGNING_KEYS": "local-signing-key"}, "everyone knows"),
        ((), {"SOURCE_REPOSITORY_URL": ""}, "set SOURCE_REPOSITORY_URL"),
        (("--prefix", "project6"), {}, "begin with project6 are taken"),
        (("--prefix", "Acme"), {}, "3 to 20 lower-case letters"),
    ],
)
def test_what_keeps_a_plan_from_being_made_is_one_message_with_its_cure(
    console: Console, arguments: tuple[str, ...], variables: dict[str, str], message: str
) -> None:
    out = str(console.folder / "none.json")
    answer = console.promote("plan", "--prefix", PREFIX, "--out", out, *arguments, **variables)

    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert re.search(message, answer.stderr), answer.stderr
    assert not Path(out).exists()
