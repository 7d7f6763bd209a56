"""The schedule of the template, on a live edge: what it starts, and when it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lake.settings import ROOT
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import ROLE, until

TEMPLATE = (ROOT / "aws_bootstrap" / "template.yaml").read_text()
PASSING = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
AROUND = """
Parameters:
  ScheduleState: { Type: String }
Resources:
  ScheduleRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: project6-schedule-role
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }
  StateMachine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: scheduled
      RoleArn: !GetAtt ScheduleRole.Arn
      DefinitionString: '%s'
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[ProcessStack]:
    with ProcessStack(tmp_path_factory.mktemp("schedules") / "lake") as running:
        running.start_edge()
        yield running


def daily_schedule(expression: str) -> str:
    """The template's own rule, due at `expression`."""
    resource = TEMPLATE[TEMPLATE.index("  DailySchedule:") : TEMPLATE.index("\nOutputs:")]
    assert "cron(0 2 * * ? *)" in resource
    return AROUND % json.dumps(PASSING) + resource.replace("cron(0 2 * * ? *)", expression)


def executions(states: Any, machine: str) -> list[dict[str, Any]]:
    arn = f"arn:aws:states:us-east-1:000000000000:stateMachine:{machine}"
    return list(states.list_executions(stateMachineArn=arn)["executions"])


def test_the_templates_rule_starts_the_state_machine_and_a_disabled_one_does_not(stack):
    states, events = stack.client("stepfunctions"), stack.client("events")
    other = states.create_state_machine(
        name="never-started", definition=json.dumps(PASSING), roleArn=ROLE
    )["stateMachineArn"]
    events.put_rule(Name="off", ScheduleExpression="rate(1 minute)", State="DISABLED")
    events.put_rule(Name="off-later", ScheduleExpression="rate(1 minute)")
    for name in ("off", "off-later"):
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": other, "RoleArn": ROLE}])
    events.disable_rule(Name="off-later")
    clouds = stack.client("cloudformation")
    parameter = {"ParameterKey": "ScheduleState", "ParameterValue": "ENABLED"}
    template = {
        "StackName": "scheduled",
        "TemplateBody": daily_schedule("rate(1 minute)"),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    clouds.create_stack(**template, Parameters=[parameter])
    clouds.get_waiter("stack_create_complete").wait(
        StackName="scheduled", WaiterConfig={"Delay": 1}
    )

    (started,) = until(lambda: executions(states, "scheduled"), bool, 100)

    described = states.describe_execution(executionArn=started["executionArn"])
    event = json.loads(described["input"])
    assert (event["source"], event["detail-type"]) == ("aws.events", "Scheduled Event")
    assert event["resources"] == [
        "arn:aws:events:us-east-1:000000000000:rule/project6-daily-schedule"
    ]
    assert executions(states, "never-started") == []
    parameter["ParameterValue"] = "DISABLED"
    clouds.update_stack(**template, Parameters=[parameter])
    clouds.get_waiter("stack_update_complete").wait(
        StackName="scheduled", WaiterConfig={"Delay": 1}
    )
    assert events.describe_rule(Name="project6-daily-schedule")["State"] == "DISABLED"


def test_the_daily_expression_is_taken_and_a_wrong_one_refused(stack):
    events = stack.client("events")
    events.put_rule(Name="daily", ScheduleExpression="cron(0 2 * * ? *)")
    assert events.describe_rule(Name="daily")["ScheduleExpression"] == "cron(0 2 * * ? *)"
    for wrong in ("cron(0 2 * * * *)", "cron(0 2 ? * 2#0 *)", "rate(2 minute)", "daily"):
        with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid") as told:
            events.put_rule(Name="wrong", ScheduleExpression=wrong)
        assert told.value.response["Error"]["Code"] == "ValidationException"
