"""What `lake promote plan --offline` finds in the files, with no account."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aws_bootstrap.package import package
from aws_bootstrap.promotion import offline
from lake.settings import ROOT

STATES = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}
MACHINE = {"StartAt": "A", "States": STATES}


def _template(effect: str, action: str) -> dict[str, Any]:
    service = {"Service": "states.amazonaws.com"}
    trust = [{"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}]
    allowed = [{"Effect": effect, "Action": action, "Resource": "*"}]
    policy = {
        "PolicyName": "p",
        "PolicyDocument": {"Version": "2012-10-17", "Statement": allowed},
    }
    role = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": trust},
        "Policies": [policy],
    }
    machine = {
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "DefinitionS3Location": {"Bucket": "b", "Key": "k"},
    }
    return {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "StateMachine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": machine,
            },
        }
    }


def test_faults_of_a_policy_and_of_a_state_are_found_where_they_are():
    machine = {"StartAt": "A", "States": {"A": {"Type": "Pass"}}}

    found = offline.lint(
        _template("Alow", "s3:GetObjct"), json.dumps(machine).encode(), "us-east-1"
    )

    text = "\n".join(found)
    assert "Resources/Role/Properties/Policies/0/PolicyDocument/Statement/0/Effect: 'Alow'" in text
    assert "Statement/0/Action: 'getobjct' is not one of" in text
    assert "StateMachine/Properties/DefinitionString" in text
    assert max(map(len, found)) < 400


def test_the_repositorys_own_definition_leads_somewhere_and_gives_every_name_a_value():
    made = package(ROOT)
    template = offline.template_of(made.template)
    assert offline.definition_faults(template, made.parts[made.state_machine_key]) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"StartAt": "Z"}, "the definition starts at 'Z', which is none of its states"),
        ({"A": {"Type": "Pass", "Next": "C"}}, "A goes on to 'C', which is no state beside it"),
        ({"C": {"Type": "Succeed"}}, "C is a state that no other leads to"),
        (
            {"A": {"Type": "Choice", "Choices": [{"Next": "B"}], "Default": "X"}},
            "A goes on to 'X', which is no state beside it",
        ),
        (
            {"A": {"Type": "Task", "Next": "B", "Catch": [{"Next": "Y"}]}},
            "A goes on to 'Y', which is no state beside it",
        ),
        (
            {"A": {"Type": "Parallel", "Next": "B", "Branches": [{"StartAt": "Q", "States": {}}]}},
            "a part of A starts at 'Q', which is none of its states",
        ),
    ],
)
def test_a_state_that_leads_nowhere_is_named(changed: dict[str, Any], fault: str):
    states = {**STATES, **{k: v for k, v in changed.items() if k != "StartAt"}}
    machine = {"StartAt": changed.get("StartAt", "A"), "States": states}
    assert fault in list(offline.transition_faults(machine, "the definition"))
    assert list(offline.transition_faults(MACHINE, "the definition")) == []


def test_names_without_a_value_and_values_without_a_use_are_named():
    template = _template("Allow", "s3:GetObject")
    properties = template["Resources"]["StateMachine"]["Properties"]
    properties["DefinitionSubstitutions"] = {"Bucket": "b", "Unused": "u"}
    machine = {**MACHINE, "Comment": "${Bucket} ${Missing}"}
    assert offline.definition_faults(template, json.dumps(machine).encode()) == [
        "${Missing} is given no value",
        "Unused is given a value and not used",
    ]


def test_parameters_are_held_against_what_the_template_takes():
    template = {
        "Parameters": {
            "Prefix": {"Type": "String", "AllowedPattern": "[a-z]+"},
            "State": {"Type": "String", "AllowedValues": ["ON", "OFF"], "Default": "ON"},
            "Key": {"Type": "String"},
        }
    }
    given = {"Prefix": "A", "State": "MAYBE", "Other": "x"}
    assert sorted(offline.parameter_faults(template, given)) == [
        "Key has no value",
        "Other is no parameter of the template",
        "Prefix must match [a-z]+, found 'A'",
        "State must be one of ON, OFF, found 'MAYBE'",
    ]
