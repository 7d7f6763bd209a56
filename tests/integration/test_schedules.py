"""What is due at a minute, on a live edge: all is made first, so that one minute is waited for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lake.settings import ROOT
from tests.support.glue_ends import job_runs
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import ROLE, until

TEMPLATE = (ROOT / "aws_bootstrap" / "template.yaml").read_text()
PASSING = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
EVERY_MINUTE = "cron(* * * * ? *)"
BUCKET = "scheduled"
MINE = ("000000000000", "us-east-1")
OTHER = ("111111111111", "us-east-1")
ABROAD = ("000000000000", "eu-central-1")
AROUND = """
Parameters:
  ScheduleState: { Type: String }
  Prefix: { Type: String, Default: project6 }
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
    """Has rules, crawlers and triggers, those of before a kill too, and no minute has passed."""
    with ProcessStack(tmp_path_factory.mktemp("schedules") / "lake") as running:
        running.start_spark()
        running.start_edge()
        s3 = running.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_object(Bucket=BUCKET, Key="job.py", Body=b"print('due')")
        s3.put_object(Bucket=BUCKET, Key="rows/a.json", Body=b'{"id": 1}')
        make_rule(running, "before-the-kill")
        make_crawler(running, MINE, "before-the-kill", Schedule=EVERY_MINUTE)
        running.kill("edge")
        running.start_edge()
        make_rules_that_are_off(running)
        make_scheduled_stack(running)
        for place in (MINE, OTHER, ABROAD):
            make_job(running, place, "of-one-place")
            schedule = {"Schedule": EVERY_MINUTE} if place == OTHER else {}
            make_crawler(running, place, "of-one-place", **schedule)
        make_trigger(running, OTHER, "of-one-place", EVERY_MINUTE)
        yield running


@pytest.fixture(scope="module")
def minute(stack: ProcessStack) -> datetime:
    """At which the job `due` is; those beside it never are."""
    moment = datetime.now(UTC) + timedelta(seconds=65)
    schedule = f"cron({moment.minute} {moment.hour} * * ? *)"
    for name in ("due", "later", "idle"):
        make_job(stack, MINE, name)
    make_trigger(stack, MINE, "due", schedule)
    make_trigger(stack, MINE, "idle", schedule, StartOnCreation=False)
    make_trigger(stack, MINE, "later", "cron(0 0 1 1 ? 2199)")
    return moment


def glue(stack: ProcessStack, place: tuple[str, str] = MINE) -> Any:
    return stack.client("glue", account=place[0], region=place[1])


def make_job(stack: ProcessStack, place: tuple[str, str], name: str) -> None:
    command = {"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/job.py"}
    glue(stack, place).create_job(Name=name, Role=ROLE, Command=command)


def make_crawler(stack: ProcessStack, place: tuple[str, str], name: str, **settings: Any) -> None:
    database = name.replace("-", "_")
    glue(stack, place).create_database(DatabaseInput={"Name": database})
    target = {"S3Targets": [{"Path": f"s3://{BUCKET}/rows/"}]}
    glue(stack, place).create_crawler(
        Name=name, Role=ROLE, DatabaseName=database, Targets=target, **settings
    )


def make_trigger(
    stack: ProcessStack, place: tuple[str, str], job: str, schedule: str, **settings: Any
) -> None:
    given = {"StartOnCreation": True, **settings}
    glue(stack, place).create_trigger(
        Name=job, Type="SCHEDULED", Schedule=schedule, Actions=[{"JobName": job}], **given
    )


def make_rule(stack: ProcessStack, name: str, **settings: Any) -> None:
    """Starts the state machine of its name every minute."""
    machine = stack.client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(PASSING), roleArn=ROLE
    )["stateMachineArn"]
    events = stack.client("events")
    events.put_rule(Name=name, ScheduleExpression="rate(1 minute)", **settings)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": machine, "RoleArn": ROLE}])


def make_rules_that_are_off(stack: ProcessStack) -> None:
    make_rule(stack, "off", State="DISABLED")
    make_rule(stack, "off-later")
    stack.client("events").disable_rule(Name="off-later")


def scheduled_stack(state: str) -> dict[str, Any]:
    """The template's own rule with its dead-letter queue, due every minute."""
    resource = TEMPLATE[TEMPLATE.index("  DailySchedule:") : TEMPLATE.index("  AlarmTopic:")]
    assert "cron(0 2 * * ? *)" in resource
    often = resource.replace("cron(0 2 * * ? *)", "rate(1 minute)")
    return {
        "StackName": "scheduled",
        "TemplateBody": AROUND % json.dumps(PASSING) + often,
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Parameters": [{"ParameterKey": "ScheduleState", "ParameterValue": state}],
    }


def make_scheduled_stack(stack: ProcessStack) -> None:
    clouds = stack.client("cloudformation")
    clouds.create_stack(**scheduled_stack("ENABLED"))
    clouds.get_waiter("stack_create_complete").wait(
        StackName="scheduled", WaiterConfig={"Delay": 1}
    )


def executions(stack: ProcessStack, machine: str) -> list[dict[str, Any]]:
    arn = f"arn:aws:states:us-east-1:000000000000:stateMachine:{machine}"
    return list(stack.client("stepfunctions").list_executions(stateMachineArn=arn)["executions"])


def test_the_templates_rule_starts_the_state_machine_and_a_disabled_one_does_not(stack, minute):
    (started,) = until(lambda: executions(stack, "scheduled"), bool, 100)

    described = stack.client("stepfunctions").describe_execution(
        executionArn=started["executionArn"]
    )
    event = json.loads(described["input"])
    assert (event["source"], event["detail-type"]) == ("aws.events", "Scheduled Event")
    assert event["resources"] == [
        "arn:aws:events:us-east-1:000000000000:rule/project6-daily-schedule"
    ]
    assert executions(stack, "off") == executions(stack, "off-later") == []
    clouds = stack.client("cloudformation")
    clouds.update_stack(**scheduled_stack("DISABLED"))
    clouds.get_waiter("stack_update_complete").wait(
        StackName="scheduled", WaiterConfig={"Delay": 1}
    )
    rule = stack.client("events").describe_rule(Name="project6-daily-schedule")
    assert rule["State"] == "DISABLED"


def test_a_schedule_fires_after_the_edge_was_killed(stack, minute):
    assert until(lambda: executions(stack, "before-the-kill"), bool, 100)


def test_a_schedule_starts_the_crawler_at_its_minute(stack, minute):
    found = until(
        lambda: glue(stack).get_crawler(Name="before-the-kill")["Crawler"],
        lambda crawler: crawler.get("LastCrawl", {}).get("Status") == "SUCCEEDED",
        100,
    )
    glue(stack).stop_crawler_schedule(CrawlerName="before-the-kill")

    assert found["Schedule"] == {"ScheduleExpression": EVERY_MINUTE, "State": "SCHEDULED"}
    assert found["LastCrawl"]["StartTime"].second < 5
    tables = glue(stack).get_tables(DatabaseName="before_the_kill")["TableList"]
    assert [table["Name"] for table in tables] == ["rows"]


def test_a_scheduled_trigger_fires_in_its_minute(stack, minute):
    run = until(lambda: job_runs(glue(stack), "due"), bool, 130)[0]

    assert (run["StartedOn"].minute, run["StartedOn"].second < 30) == (minute.minute, True)
    assert job_runs(glue(stack), "later") == job_runs(glue(stack), "idle") == []


def test_schedules_start_what_is_of_their_own_account_and_region(stack, minute):
    until(lambda: job_runs(glue(stack, OTHER), "of-one-place"), bool, 100)
    until(lambda: glue(stack, OTHER).list_crawls(CrawlerName="of-one-place")["Crawls"], bool, 100)

    for place in (MINE, ABROAD):
        assert job_runs(glue(stack, place), "of-one-place") == []
        assert glue(stack, place).list_crawls(CrawlerName="of-one-place")["Crawls"] == []


def test_the_daily_expression_is_taken_and_a_wrong_one_refused(stack):
    events = stack.client("events")
    events.put_rule(Name="daily", ScheduleExpression="cron(0 2 * * ? *)")
    assert events.describe_rule(Name="daily")["ScheduleExpression"] == "cron(0 2 * * ? *)"
    for wrong in ("cron(0 2 * * * *)", "cron(0 2 ? * 2#0 *)", "rate(2 minute)", "daily"):
        with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid") as told:
            events.put_rule(Name="wrong", ScheduleExpression=wrong)
        assert told.value.response["Error"]["Code"] == "ValidationException"
