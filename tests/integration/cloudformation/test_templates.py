"""Intrinsic functions, parameters and refusals of templates, as CloudFormation documents them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stacks import TestStack, bucket, new_name

ROLE = "arn:aws:iam::000000000000:role/case"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
VALUES: dict[str, tuple[Any, str]] = {
    "SubLiteral": ({"Fn::Sub": "${!Literal} ${AWS::Region}"}, "${Literal} us-east-1"),
    "SubDigits": ({"Fn::Sub": "00${Number}"}, "0042"),
    "SubExponent": ({"Fn::Sub": "1e5"}, "1e5"),
    "SubOwn": ({"Fn::Sub": ["${a}-${Text}", {"a": {"Ref": "Number"}}]}, "42-text"),
    "SubBoolean": ({"Fn::Sub": ["${a}", {"a": True}]}, "true"),
    "SubAttribute": ({"Fn::Sub": "${B.Arn}"}, "arn:aws:s3:::{bucket}"),
    "JoinBooleans": ({"Fn::Join": [",", ["a", True, 1]]}, "a,true,1"),
    "JoinList": ({"Fn::Join": ["-", {"Ref": "List"}]}, "a-b-c"),
    "SelectNumber": ({"Fn::Select": [1, [10, 20]]}, "20"),
    "SelectSplit": ({"Fn::Select": ["2", {"Fn::Split": ["|", "a||c"]}]}, "c"),
    "Zone": ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "us-east-1a"),
    "ZoneOf": ({"Fn::Select": [2, {"Fn::GetAZs": "eu-central-1"}]}, "eu-central-1c"),
    "Cidr": ({"Fn::Select": [1, {"Fn::Cidr": ["10.0.0.0/24", 2, 4]}]}, "10.0.0.16/28"),
    "CidrJoined": (
        {"Fn::Join": [",", {"Fn::Cidr": ["192.168.0.0/24", "3", "5"]}]},
        "192.168.0.0/27,192.168.0.32/27,192.168.0.64/27",
    ),
    "CidrOfSix": (
        {"Fn::Select": [1, {"Fn::Cidr": ["2001:db8::/56", 2, 64]}]},
        "2001:db8:0:1::/64",
    ),
    "Map": ({"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "x"]}, "mapped"),
    "If": ({"Fn::If": ["IsText", "yes", "no"]}, "yes"),
    "Base64": ({"Fn::Base64": "é"}, "w6k="),
    "Boolean": (True, "true"),
    "Empty": ({"Fn::Sub": "[${Empty}]"}, "[]"),
    "Partition": ({"Ref": "AWS::Partition"}, "aws"),
    "Suffix": ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
}


def test_every_intrinsic_function_gives_its_documented_value(edge: Any) -> None:
    stack = TestStack(edge)
    template = {
        "Parameters": {
            "Number": {"Type": "Number", "Default": 42},
            "Text": {"Type": "String", "Default": "text"},
            "Empty": {"Type": "String", "Default": "not empty"},
            "List": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
        },
        "Mappings": {"M": {"us-east-1": {"x": "mapped"}}},
        "Conditions": {"IsText": {"Fn::Equals": [{"Ref": "Text"}, "text"]}},
        "Resources": {"B": bucket(stack.name)},
        "Outputs": {
            name: {"Value": value, "Description": f"of {name}"}
            for name, (value, _) in VALUES.items()
        },
    }

    stack.create(template, Parameters=[{"ParameterKey": "Empty", "ParameterValue": ""}])

    expected = {name: text.replace("{bucket}", stack.name) for name, (_, text) in VALUES.items()}
    assert stack.outputs() == expected
    described = {one["OutputKey"]: one["Description"] for one in stack.described()["Outputs"]}
    assert described["Map"] == "of Map"


def test_lengths_json_texts_and_defaults_of_maps_come_with_the_language_extensions(
    edge: Any,
) -> None:
    stack = TestStack(edge)
    values = {
        "Length": {"Fn::Length": [1, 2, 3]},
        "Json": {"Fn::ToJsonString": {"a": [1, "b"]}},
        "Default": {"Fn::FindInMap": ["M", "nowhere", "x", {"DefaultValue": "else"}]},
    }
    template = {
        "Transform": "AWS::LanguageExtensions",
        "Mappings": {"M": {"here": {"x": "mapped"}}},
        "Resources": {"B": bucket(stack.name)},
        "Outputs": {name: {"Value": value} for name, value in values.items()},
    }

    assert stack.change(template, "CREATE") == "CREATE_COMPLETE"

    found = stack.outputs()
    assert json.loads(found.pop("Json")) == {"a": [1, "b"]}
    assert found == {"Length": "3", "Default": "else"}


FUNCTION = """
Resources:
  F:
    Type: {type}
    Properties:
      FunctionName: {name}
      Runtime: python3.11
      Handler: index.h
      Role: {role}
      Timeout: "7"
      Environment:
        Variables:
          ENABLED: true
          DISABLED: false
          COUNT: 3
          NOTHING: !Ref AWS::NoValue
      {code}
"""


@pytest.mark.parametrize("sam", [False, True])
def test_truth_values_and_numbers_of_yaml_are_texts_where_the_type_has_texts(
    edge: Any, sam: bool
) -> None:
    stack = TestStack(edge)
    body = "import os, json\\ndef h(e, c): return [os.environ[n] for n in e]"
    code = f'InlineCode: "{body}"' if sam else f'Code: {{ZipFile: "{body}"}}'
    kind = "AWS::Serverless::Function" if sam else "AWS::Lambda::Function"
    text = FUNCTION.format(type=kind, name=stack.name, role=ROLE, code=code)
    template = ("Transform: AWS::Serverless-2016-10-31\n" if sam else "") + text

    assert stack.change(template, "CREATE") == "CREATE_COMPLETE"

    names = json.dumps(["ENABLED", "DISABLED", "COUNT"]).encode()
    functions = edge.client("lambda")
    answer = functions.invoke(FunctionName=stack.name, Payload=names)["Payload"].read()
    assert json.loads(answer) == ["true", "false", "3"]
    settings = functions.get_function_configuration(FunctionName=stack.name)
    assert settings["Timeout"] == 7
    assert "NOTHING" not in settings["Environment"]["Variables"]


@pytest.mark.parametrize(
    ("parameter", "value", "told"),
    [
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "A", r"must match pattern \[a-z\]\+"),
        ({"Type": "String", "MinLength": 3}, "ab", "must contain at least 3 characters"),
        ({"Type": "String", "MaxLength": "1"}, "ab", "must contain at most 1 characters"),
        ({"Type": "Number", "MinValue": 3}, "2", "must be a number not less than 3"),
        ({"Type": "Number", "MaxValue": 3}, "4", "must be a number not greater than 3"),
        ({"Type": "Number"}, "x", "must be a number"),
        (
            {"Type": "String", "MinLength": 3, "ConstraintDescription": "three or more"},
            "ab",
            "failed to satisfy constraint: three or more",
        ),
    ],
)
def test_a_value_that_breaks_a_parameters_constraint_is_refused(
    edge: Any, parameter: dict[str, Any], value: str, told: str
) -> None:
    stack = TestStack(edge)
    template = {"Parameters": {"P": parameter}, "Resources": {"B": bucket()}}

    for ways in (stack.create, lambda body, **more: stack.change(body, "CREATE", **more)):
        with pytest.raises(ClientError, match=f"Parameter 'P' {told}") as refused:
            ways(template, Parameters=[{"ParameterKey": "P", "ParameterValue": value}])
        assert refused.value.response["Error"]["Code"] == "ValidationError"
        with pytest.raises(ClientError, match="does not exist"):
            stack.client.describe_stacks(StackName=stack.name)


def test_secrets_are_shown_masked_and_previous_values_are_kept(edge: Any) -> None:
    stack = TestStack(edge)

    def template(text: str) -> dict[str, Any]:
        parameters = {
            "Secret": {"Type": "String", "NoEcho": True},
            "Plain": {"Type": "String", "NoEcho": "false", "Default": "d"},
        }
        output = {"Value": {"Fn::Sub": f"${{Secret}} ${{Plain}} {text}"}}
        return {
            "Parameters": parameters,
            "Resources": {"B": bucket(stack.name)},
            "Outputs": {"o": output},
        }

    given = [
        {"ParameterKey": "Secret", "ParameterValue": "s"},
        {"ParameterKey": "Plain", "ParameterValue": ""},
    ]
    stack.create(template("one"), Parameters=given)
    shown = {one["ParameterKey"]: one["ParameterValue"] for one in stack.described()["Parameters"]}
    assert shown["Secret"] == "****"
    kept = [{"ParameterKey": name, "UsePreviousValue": True} for name in ("Secret", "Plain")]

    assert stack.update(template("two"), Parameters=kept) == "UPDATE_COMPLETE"

    assert stack.outputs() == {"o": "s  two"}


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (
            {
                "A": {**bucket(), "DependsOn": "B"},
                "B": {"Type": "AWS::S3::Bucket", "DependsOn": ["A"]},
            },
            r"Circular dependency between resources: \[A, B\]",
        ),
        (
            {"A": bucket(Properties={"BucketName": {"Fn::Sub": "x-${Nowhere}"}})},
            r"Unresolved resource dependencies \[Nowhere\] in the Resources block",
        ),
        ({"A": {**bucket(), "DependsOn": "Nowhere"}}, r"dependencies \[Nowhere\]"),
        ({"A": {"Properties": {}}}, "must contain a Type member"),
        ({}, "At least one Resources member must be defined"),
    ],
)
def test_a_template_that_cannot_be_right_is_refused_and_leaves_no_stack(
    edge: Any, template: dict[str, Any], told: str
) -> None:
    stack = TestStack(edge)

    with pytest.raises(ClientError, match=told):
        stack.create({"Resources": template})

    with pytest.raises(ClientError, match="does not exist"):
        stack.client.describe_stacks(StackName=stack.name)


def test_the_type_of_a_resource_does_not_change(edge: Any) -> None:
    stack = TestStack(edge)
    stack.create({"Resources": {"R": bucket(stack.name)}})

    with pytest.raises(ClientError, match="Update of resource type is not permitted"):
        stack.update({"Resources": {"R": {"Type": "AWS::Logs::LogGroup"}}})

    assert stack.described()["StackStatus"] == "CREATE_COMPLETE"


def test_parameters_that_the_template_has_not_are_refused(edge: Any) -> None:
    given = [{"ParameterKey": "Other", "ParameterValue": "x"}]

    with pytest.raises(ClientError, match=r"Parameters: \[Other\] do not exist in the template"):
        TestStack(edge).create({"Resources": {"B": bucket()}}, Parameters=given)


def test_a_role_that_is_not_acknowledged_makes_neither_stack_nor_change_set(edge: Any) -> None:
    clouds, name = edge.client("cloudformation"), new_name()
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    request = {"StackName": name, "TemplateBody": json.dumps({"Resources": {"R": role}})}

    for ask in (
        lambda: clouds.create_stack(**request),
        lambda: clouds.create_change_set(**request, ChangeSetName="c", ChangeSetType="CREATE"),
    ):
        with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_IAM\]") as no:
            ask()
        assert no.value.response["Error"]["Code"] == "InsufficientCapabilitiesException"
    with pytest.raises(ClientError, match="does not exist"):
        clouds.describe_stacks(StackName=name)
