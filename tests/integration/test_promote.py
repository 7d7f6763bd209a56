"""`lake promote` against an account of its own on a second endpoint: once through its life."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lake.settings import ROOT
from tests.support.promoted_life import lived
from tests.support.promoting import (
    ACCOUNT,
    DATA,
    ENDED,
    OTHER,
    PREFIX,
    Console,
)


@pytest.fixture(scope="module")
def console(processes: Any, tmp_path_factory: pytest.TempPathFactory) -> Console:
    return Console(processes.url, tmp_path_factory.mktemp("promote"))


@pytest.fixture(scope="module")
def life(console: Console, processes: Any) -> dict[str, Any]:
    return lived(console, processes)


def test_a_plan_for_an_empty_account_makes_every_resource_and_changes_nothing(
    life: dict[str, Any], console: Console
) -> None:
    assert life["first plan"].returncode == 0, life["first plan"].stderr
    plan = console.document("first.json")
    template = (ROOT / "aws_bootstrap/template.yaml").read_text()
    assert {change["action"] for change in plan["changes"]} == {"Add"}
    conditional = template.count("\n    Condition: ")  # a subscriber and a budget, if given
    assert len(plan["changes"]) == template.count("\n    Type: AWS::") - conditional
    assert plan["data_at_risk"] == []
    assert life["after the plan"] == (None, [])


def test_a_plan_says_permissions_and_what_differs_from_the_laptop_without_secrets(
    life: dict[str, Any], console: Console
) -> None:
    text = life["first plan"].stdout
    assert "ScheduleRole may states:StartExecution on ${StateMachine}" in text
    assert "RequireSignature: 'false' -> 'true'" in text


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
        "repository": "unknown",
        "names": "passed",
    }


def test_a_plan_is_refused_for_another_account_and_after_a_change_of_settings(
    life: dict[str, Any],
) -> None:
    assert life["as another"].returncode == life["with other settings"].returncode == 1
    assert f"for account {ACCOUNT}, found account {OTHER}" in life["as another"].stderr
    assert "settings have changed since the plan was made" in life["with other settings"].stderr


def test_an_apply_that_ended_after_any_of_its_steps_goes_on_and_the_next_plan_is_empty(
    life: dict[str, Any], console: Console
) -> None:
    assert life["ended after"] == dict.fromkeys(
        ("parts", "change set", "code", "execution", "stack", "keys", "upload", "pipeline"), ENDED
    )
    again = life["apply again"]
    assert again.returncode == 0, again.stderr
    assert "This plan was begun before: going on from there" in again.stdout
    assert "Applied. Webhook" in again.stdout
    assert life["after applying"] == "CREATE_COMPLETE"
    assert life["second plan"].returncode == 0
    assert console.document("second.json")["empty"] is True
    assert "Nothing to do" in life["second plan"].stdout


def test_an_apply_makes_up_a_signing_key_that_stays_until_it_is_rotated_without_one(
    life: dict[str, Any],
) -> None:
    made_up = life["keys: made up"]
    assert len(made_up) == 43
    assert life["keys: repeated apply"].returncode == 0, life["keys: repeated apply"].stderr
    assert life["keys: kept"] == made_up
    assert "which everyone knows" in life["keys: laptop's key"].stderr
    assert life["keys: rotate"].returncode == 0, life["keys: rotate"].stderr
    assert life["keys: both"] == f"sesame-of-the-cloud,{made_up}"
    assert life["keys: newest"] == "sesame-of-the-cloud"
    assert "acme-lake-calendly-signing-keys holds 1 key; 1 retired" in life["keys: retire"].stdout
    assert "acme-lake-repository-token" in life["keys: token"].stdout
    lines = life["keys: keys told"].stdout.splitlines()
    assert [line.split()[0] + line[-14:] for line in lines] == [
        "signing-keys  1, set today", "repository-token  1, set today",
    ]  # fmt: skip
    shown = "".join(str(found) for found in life.values() if not isinstance(found, str))
    assert "sesame" not in shown and made_up not in shown


def test_a_changed_setting_is_one_change_and_nothing_else(
    life: dict[str, Any], console: Console
) -> None:
    plan = console.document("change.json")
    changes = [(c["action"], c["logical_id"], c["replacement"]) for c in plan["changes"]]
    assert changes == [("Modify", "IngestionFunction", False)]
    assert plan["permissions"] == {"added": [], "removed": []}
    assert plan["code_changes"] == plan["data_at_risk"] == []


def test_what_was_changed_by_hand_since_the_last_apply_is_named_without_secrets(
    life: dict[str, Any], console: Console
) -> None:
    assert life["drifted plan"].returncode == 0, life["drifted plan"].stderr
    text = life["drifted plan"].stdout
    for line in (
        "AWS::S3::Bucket CodeBucket /VersioningConfiguration/Status: expected Enabled, found"
        " Suspended",
        "AWS::Logs::LogGroup UpdateLogs /RetentionInDays: removed by hand; expected 30",
        "AWS::Lambda::Function IngestionFunction /Environment/Variables/SIGNING_KEYS_SECRET:"
        " expected (set), found (set)",
        "AWS::Lambda::Function IngestionFunction /Environment/Variables/DEBUG: added by hand: 1",
        "AWS::Glue::Crawler GoldCrawler is not there any more",
        "AWS::StepFunctions::StateMachine StateMachine /Definition: expected that of s3://",
    ):
        assert line in text
    assert "AWS::IAM::Role ScheduleRole /Policies/1: added by hand" in text
    assert "another-key" not in text + json.dumps(console.document("drifted.json"))
    drifted = {each["logical_id"] for each in console.document("drifted.json")["drift"]}
    assert drifted == {
        *("CodeBucket", "UpdateLogs", "IngestionFunction"),
        *("GoldCrawler", "StateMachine", "ScheduleRole"),
    }
    assert console.document("second.json")["drift"] == []


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


def test_a_proof_of_two_equal_sides_names_every_table_and_succeeds(life: dict[str, Any]) -> None:
    assert life["equal"].returncode == 0, life["equal"].stderr
    proof = json.loads(life["equal"].stdout)
    assert proof["equal"] is True
    assert len(proof["tables"]) == 12
    assert all(table["equal"] and not table["differences"] for table in proof["tables"])
    spend = next(table for table in proof["tables"] if table["table"] == "fact_marketing")
    assert spend["rows"] == [18, 18]


def test_a_proof_names_the_channel_and_the_day_of_one_cent_and_both_values(
    life: dict[str, Any], console: Console
) -> None:
    assert life["a cent"].returncode == 1, life["a cent"].stderr
    text = life["a cent"].stdout
    cent = (
        "fact_marketing, youtube, 2026-01-15, spend: 381.76 on the laptop, 381.77 in the cloud"
        " (key 2026-01-15, youtube)"
    )
    assert cent in text
    assert "gold_cpb_by_channel, youtube, total_spend: " in text
    assert [line.split()[1] for line in text.splitlines() if "  DIFFERS " in line] == [
        "fact_marketing",
        "gold_cpb_by_channel",
    ]
    assert "Spark_codes/project6-gold.py" in text
    page = (console.folder / "proof.html").read_text()
    assert "<td>youtube</td><td>2026-01-15</td><td>spend</td><td>381.76</td><td>381.77</td>" in page


def test_a_proof_that_cannot_judge_says_why_and_none_leaves_anything(life: dict[str, Any]) -> None:
    assert life["failing"].returncode == 2
    assert "is FAILED: " in life["failing"].stderr
    assert "the disk is full" in life["failing"].stderr
    assert life["interrupted"][0] == 130, life["interrupted"][1]
    assert "Interrupted: nothing was judged" in life["interrupted"][1]
    assert life["after the interrupt"] == life["after the proofs"] == []


def test_a_removal_is_said_first_and_keeps_the_data_until_it_is_asked_for_twice(
    life: dict[str, Any], console: Console
) -> None:
    assert f"{DATA[0]}: 1 objects, 5 bytes" in life["destroy, only said"].stdout
    assert "Lift the stack's protection against deletion" in life["destroy, only said"].stdout
    assert "Nothing was removed" in life["destroy, only said"].stdout
    assert life["after saying"] == "UPDATE_COMPLETE"
    assert life["destroy"].returncode == 0, life["destroy"].stderr
    assert life["after destroying"] == (None, DATA)
    assert f"Remove the secret {PREFIX}-repository-token" in life["destroy, only said"].stdout
    assert life["secrets after destroying"] == []
    for bucket in DATA:
        assert f"left: bucket {bucket}" in life["destroy"].stdout
    kept = {c["logical_id"]: c["action"] for c in console.document("kept.json")["changes"]}
    assert {name for name, action in kept.items() if action == "Import"} == {
        *("BronzeBucket", "SilverBucket", "GoldBucket"),
    }
    assert (
        f"{DATA[0]} was kept by a destroy: it is taken over" in life["plan with kept data"].stdout
    )


def test_an_apply_after_a_removal_takes_over_the_kept_data_and_the_next_plan_is_empty(
    life: dict[str, Any], console: Console
) -> None:
    assert life["apply over kept data"].returncode == 0, life["apply over kept data"].stderr
    assert "Applied. Webhook" in life["apply over kept data"].stdout
    status, event = life["after taking over"]
    assert status in ("CREATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_COMPLETE")
    assert event == b"12345"
    assert life["plan after taking over"].returncode == 0, life["plan after taking over"].stderr
    assert console.document("again.json")["empty"] is True
    assert console.document("again.json")["drift"] == []


def test_data_is_removed_only_where_the_prefix_is_given_once_more(life: dict[str, Any]) -> None:
    assert life["data asked for wrongly"].returncode == 1
    assert f"expected '{PREFIX}', found 'yes'" in life["data asked for wrongly"].stderr
    assert life["destroy data"].returncode == 0, life["destroy data"].stderr
    assert life["in the end"] == []
    assert f"Nothing named {PREFIX} is in account {ACCOUNT}" in life["destroy nothing"].stderr
