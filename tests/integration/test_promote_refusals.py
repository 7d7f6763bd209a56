"""What keeps `lake promote` from beginning: one message each, with its cure, and nothing made."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.promoting import ACCOUNT, PREFIX, Console


@pytest.fixture(scope="module")
def console(processes: Any, tmp_path_factory: pytest.TempPathFactory) -> Console:
    return Console(processes.url, tmp_path_factory.mktemp("promote"))


def test_a_stack_of_the_name_that_is_none_of_ours_is_neither_changed_nor_removed(
    console: Console, processes: Any
) -> None:
    stacks = processes.client("cloudformation", account=ACCOUNT)
    template = json.dumps({"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup"}}})
    stacks.create_stack(StackName="taken", TemplateBody=template)
    stacks.get_waiter("stack_create_complete").wait(
        StackName="taken", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    out = str(console.folder / "foreign.json")
    planned = console.promote("plan", "--prefix", "taken", "--out", out)
    destroyed = console.promote("destroy", "--prefix", "taken", "--yes")

    assert planned.returncode == destroyed.returncode == 1
    assert "the stack taken is there, but is none of this pipeline" in planned.stdout
    assert console.document("foreign.json")["changes"] == []
    assert "none of this pipeline, so nothing of it is removed" in destroyed.stderr
    found = stacks.describe_stacks(StackName="taken")["Stacks"][0]
    assert found["StackStatus"] == "CREATE_COMPLETE"


def test_a_secret_that_is_in_the_way_is_said_with_the_cure(
    console: Console, processes: Any
) -> None:
    secrets = processes.client("secretsmanager", account=ACCOUNT)
    secrets.create_secret(Name="held-calendly-signing-keys", SecretString="x")
    secrets.delete_secret(SecretId="held-calendly-signing-keys")
    planned = console.promote("plan", "--prefix", "held", "--out", str(console.folder / "h.json"))

    assert planned.returncode == 1
    assert "is a secret of this account, but not of the stack, and waits" in planned.stdout
    assert "delete-secret --force-delete-without-recovery" in planned.stdout


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        ((), {"AWS_ACCESS_KEY_ID": "test"}, "those of the local stack .* --profile"),
        (("--profile", "none"), {}, "Expected the profile 'none' .* list-profiles"),
        ((), {"SOURCE_REPOSITORY_URL": ""}, "set SOURCE_REPOSITORY_URL"),
        ((), {"SOURCE_REPOSITORY_URL": "https://a:b@example.com/c/d.git"}, "lake keys set repo"),
        ((), {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "is not AWS: unset AWS_ENDPOINT_URL"),
        (("--out", "/none/p.json"), {}, "for the plan by --out /none/p.json, found no folder"),
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
