"""Each type of the pipeline's template is changed where AWS changes it in place, or anew."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.support.stacks import TestStack, bucket

ROLE = "arn:aws:iam::000000000000:role/case"


def _one(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": {"R": {"Type": kind, "Properties": properties}}}


def _policy(name: str, action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"PolicyName": name, "PolicyDocument": document}


def _trust(service: str) -> dict[str, Any]:
    principal = {"Service": f"{service}.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_roles_trust_policies_description_and_tags(edge: Any) -> None:
    stack, iam = TestStack(edge), edge.client("iam")
    kind, name = "AWS::IAM::Role", stack.name
    first = {
        "RoleName": name,
        "AssumeRolePolicyDocument": _trust("lambda"),
        "Policies": [_policy("gone", "s3:GetObject"), _policy("kept", "s3:GetObject")],
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}],
    }
    second = {
        "RoleName": name,
        "AssumeRolePolicyDocument": _trust("glue"),
        "Description": "new",
        "MaxSessionDuration": 7200,
        "Policies": [_policy("kept", "s3:PutObject")],
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/PowerUserAccess"],
        "Tags": [{"Key": "a", "Value": "2"}],
    }
    stack.create(_one(kind, first))

    assert stack.update(_one(kind, second)) == "UPDATE_COMPLETE"

    role = iam.get_role(RoleName=name)["Role"]
    trusted = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
    assert trusted == "glue.amazonaws.com"
    assert (role["Description"], role["MaxSessionDuration"]) == ("new", 7200)
    assert role["Tags"] == [{"Key": "a", "Value": "2"}]
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["kept"]
    kept = iam.get_role_policy(RoleName=name, PolicyName="kept")["PolicyDocument"]
    assert kept["Statement"][0]["Action"] == "s3:PutObject"
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert [one["PolicyName"] for one in attached] == ["PowerUserAccess"]


def test_a_functions_code_settings_and_tags(edge: Any) -> None:
    stack, functions = TestStack(edge), edge.client("lambda")
    name = stack.name
    common = {"FunctionName": name, "Runtime": "python3.11", "Handler": "index.h", "Role": ROLE}
    first = {
        **common,
        "Code": {"ZipFile": "def h(e, c): return 1"},
        "Environment": {"Variables": {"WORD": "1"}},
        "MemorySize": 256,
        "ReservedConcurrentExecutions": 2,
        "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}],
    }
    second = {
        **common,
        "Code": {"ZipFile": "import os\ndef h(e, c): return os.environ.get('WORD', 'none')"},
        "Description": "new",
        "Timeout": 9,
        "Tags": [{"Key": "a", "Value": "2"}],
    }
    stack.create(_one("AWS::Lambda::Function", first))
    reserved = functions.get_function_concurrency(FunctionName=name)
    assert reserved["ReservedConcurrentExecutions"] == 2

    assert stack.update(_one("AWS::Lambda::Function", second)) == "UPDATE_COMPLETE"

    found = functions.get_function(FunctionName=name)
    settings = found["Configuration"]
    assert (settings["Description"], settings["Timeout"]) == ("new", 9)
    assert settings["MemorySize"] == 128
    assert found["Tags"] == {"a": "2"}
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(
        FunctionName=name
    )
    assert functions.invoke(FunctionName=name)["Payload"].read() == b'"none"'


def test_an_api_its_method_its_stage_and_the_address_in_the_outputs(edge: Any) -> None:
    stack, apis = TestStack(edge), edge.client("apigateway")

    def template(status: str, *, changed: bool) -> dict[str, Any]:
        responses = [{"StatusCode": status, "ResponseTemplates": {"application/json": '"hello"'}}]
        integration = {
            "Type": "MOCK",
            "RequestTemplates": {"application/json": f'{{"statusCode": {status}}}'},
            "IntegrationResponses": responses,
        }
        method = {
            "RestApiId": {"Ref": "A"},
            "ResourceId": {"Fn::GetAtt": ["A", "RootResourceId"]},
            "HttpMethod": "GET",
            "AuthorizationType": "NONE",
            "RequestParameters": {"method.request.querystring.q": changed},
            "MethodResponses": [{"StatusCode": status}],
            "Integration": integration,
        }
        api = {"Name": stack.name, "BinaryMediaTypes": ["image/png"] if changed else ["a/b"]}
        if changed:
            api["Description"] = "new"
        deployment = f"D{status}"
        stage = {
            "RestApiId": {"Ref": "A"},
            "DeploymentId": {"Ref": deployment},
            "StageName": "prod",
            "Variables": {"x": status},
            "Tags": [{"Key": "status", "Value": status}],
        }
        host = "https://${A}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod"
        return {
            "Resources": {
                "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": api},
                "M": {"Type": "AWS::ApiGateway::Method", "Properties": method},
                deployment: {
                    "Type": "AWS::ApiGateway::Deployment",
                    "DependsOn": "M",
                    "Properties": {"RestApiId": {"Ref": "A"}},
                },
                "S": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
            },
            "Outputs": {"Url": {"Value": {"Fn::Sub": host}}, "Api": {"Value": {"Ref": "A"}}},
        }

    stack.create(template("200", changed=False))
    outputs = stack.outputs()
    assert requests.get(outputs["Url"], timeout=10).status_code == 200

    assert stack.update(template("202", changed=True)) == "UPDATE_COMPLETE"

    assert stack.outputs() == outputs
    assert requests.get(outputs["Url"], timeout=10).status_code == 202
    api = apis.get_rest_api(restApiId=outputs["Api"])
    assert (api["description"], api["binaryMediaTypes"]) == ("new", ["image/png"])
    stage = apis.get_stage(restApiId=outputs["Api"], stageName="prod")
    assert stage["variables"] == {"x": "202"}
    assert stage["tags"]["status"] == "202"
    root = apis.get_resources(restApiId=outputs["Api"])["items"][0]["id"]
    method = apis.get_method(restApiId=outputs["Api"], resourceId=root, httpMethod="GET")
    assert method["requestParameters"] == {"method.request.querystring.q": True}


def test_a_state_machines_definition_role_and_logging(edge: Any) -> None:
    stack, states = TestStack(edge), edge.client("stepfunctions")

    def template(result: str, **more: Any) -> dict[str, Any]:
        passing = {"Type": "Pass", "Result": result, "End": True}
        definition = {"StartAt": "P", "States": {"P": passing}}
        properties = {
            "StateMachineName": stack.name,
            "RoleArn": ROLE,
            "DefinitionString": json.dumps(definition),
            **more,
        }
        made = _one("AWS::StepFunctions::StateMachine", properties)
        return {**made, "Outputs": {"Arn": {"Value": {"Ref": "R"}}}}

    stack.create(template("one"))
    arn = stack.outputs()["Arn"]

    assert stack.update(template("two", RoleArn=f"{ROLE}-new")) == "UPDATE_COMPLETE"

    found = states.describe_state_machine(stateMachineArn=arn)
    assert found["roleArn"] == f"{ROLE}-new"
    assert json.loads(found["definition"])["States"]["P"]["Result"] == "two"


def test_a_rule_without_a_name_is_changed_and_not_made_again(edge: Any) -> None:
    stack, events = TestStack(edge), edge.client("events")

    def template(rate: str) -> dict[str, Any]:
        properties = {"ScheduleExpression": rate, "State": "DISABLED"}
        return {**_one("AWS::Events::Rule", properties), "Outputs": {"R": {"Value": {"Ref": "R"}}}}

    stack.create(template("rate(1 day)"))
    name = stack.outputs()["R"]

    assert stack.update(template("rate(2 days)")) == "UPDATE_COMPLETE"

    assert stack.outputs()["R"] == name
    assert events.describe_rule(Name=name)["ScheduleExpression"] == "rate(2 days)"
    mine = [one for one in events.list_rules()["Rules"] if stack.name in one["Name"]]
    assert len(mine) == 1


def test_a_permission_is_replaced(edge: Any) -> None:
    stack, functions = TestStack(edge), edge.client("lambda")
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": stack.name,
            "Runtime": "python3.11",
            "Handler": "index.h",
            "Role": ROLE,
            "Code": {"ZipFile": "def h(e, c): return 1"},
        },
    }

    def template(service: str) -> dict[str, Any]:
        permission = {
            "FunctionName": {"Ref": "F"},
            "Action": "lambda:InvokeFunction",
            "Principal": f"{service}.amazonaws.com",
            "SourceAccount": "000000000000",
        }
        granted = {"Type": "AWS::Lambda::Permission", "Properties": permission}
        return {"Resources": {"F": function, "P": granted}}

    stack.create(template("s3"))

    assert stack.update(template("events")) == "UPDATE_COMPLETE"

    policy = json.loads(functions.get_policy(FunctionName=stack.name)["Policy"])
    found = [(one["Principal"]["Service"], one["Condition"]) for one in policy["Statement"]]
    account = {"StringEquals": {"AWS:SourceAccount": "000000000000"}}
    assert found == [("events.amazonaws.com", account)]


def test_what_cannot_be_changed_in_place_says_so_and_changes_nothing(edge: Any) -> None:
    stack = TestStack(edge)
    role = {"AssumeRolePolicyDocument": _trust("ec2")}

    def template(path: str) -> dict[str, Any]:
        roles = {"Type": "AWS::IAM::Role", "Properties": role}
        group = {"Type": "AWS::IAM::Group", "Properties": {"ManagedPolicyArns": [path]}}
        return {"Resources": {"B": bucket(), "Role": roles, "G": group}}

    stack.create(template("arn:aws:iam::aws:policy/ReadOnlyAccess"))

    ended = stack.update(template("arn:aws:iam::aws:policy/PowerUserAccess"))

    assert ended == "UPDATE_ROLLBACK_COMPLETE"
    assert "cannot change AWS::IAM::Group in place" in stack.reason("G", "UPDATE_FAILED")


def test_the_tags_of_a_stack_are_changed_and_kept(edge: Any) -> None:
    stack, template = TestStack(edge), {"Resources": {"B": bucket()}}
    stack.create(template, Tags=[{"Key": "a", "Value": "1"}])

    assert stack.update(template, Tags=[{"Key": "a", "Value": "2"}]) == "UPDATE_COMPLETE"
    assert stack.described()["Tags"] == [{"Key": "a", "Value": "2"}]
    changed = {"Resources": {"B": bucket(Properties={"AccessControl": "LogDeliveryWrite"})}}
    assert stack.change(changed) == "UPDATE_COMPLETE"
    assert stack.described()["Tags"] == [{"Key": "a", "Value": "2"}]
