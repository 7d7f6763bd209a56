"""What Glue has and does in one account and region is apart from all others, over restarts too."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.errors import refused
from tests.support.glue_ends import BUCKET, job_ended, job_runs, run_ended, until
from tests.support.state_machines import Machine

ROLE = "arn:aws:iam::111111111111:role/glue"
MINE = ("000000000000", "us-east-1")
OTHER = ("111111111111", "us-east-1")
ABROAD = ("000000000000", "eu-central-1")
PLACES = (MINE, OTHER, ABROAD)
TELLS = """import os, boto3
client = boto3.client("sts", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
print("in", client.get_caller_identity()["Account"], client.meta.region_name)
"""
# Its own end may come while the edge is away.
SLEEPS = """import os, time, boto3
time.sleep(4)
while True:
    try:
        client = boto3.client("sts", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
        account = client.get_caller_identity()["Account"]
        break
    except Exception:
        time.sleep(0.2)
print("in", account, client.meta.region_name)
"""
Client = Callable[..., Any]


@pytest.fixture
def at(stack) -> Client:
    """A client by account and region, of Glue unless told otherwise."""

    def client(place: tuple[str, str], service: str = "glue") -> Any:
        return stack.client(service, account=place[0], region=place[1])

    return client


@pytest.fixture
def name(stack, at: Client) -> Iterator[str]:
    """Of one job, crawler, trigger and workflow in each of the places."""
    name = f"n{uuid.uuid4().hex[:8]}"
    s3 = stack.client("s3")
    s3.put_object(Bucket=BUCKET, Key=f"{name}.py", Body=TELLS.encode())
    s3.put_object(Bucket=BUCKET, Key=f"{name}/rows/a.json", Body=b'{"id": 1}')
    for place in PLACES:
        tags = {"whose": "-".join(place)}
        glue = at(place)
        command = {"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/{name}.py"}
        glue.create_job(Name=name, Role=ROLE, Command=command, Tags=tags, Description=place[0])
        target = {"S3Targets": [{"Path": f"s3://{BUCKET}/{name}/rows/"}]}
        glue.create_crawler(Name=name, Role=ROLE, DatabaseName=name, Targets=target, Tags=tags)
        glue.create_workflow(Name=name, Tags=tags)
        action = [{"JobName": name}]
        glue.create_trigger(
            Name=name, Type="ON_DEMAND", WorkflowName=name, Actions=action, Tags=tags
        )
    yield name
    for place in PLACES:
        _delete(at(place), name)


def test_names_tags_and_lists_are_of_an_account_and_a_region_each(at: Client, name: str) -> None:
    for account, region in reversed(PLACES):
        glue = at((account, region))
        assert glue.get_job(JobName=name)["Job"]["Description"] == account
        assert [one["Name"] for one in glue.get_jobs()["Jobs"]].count(name) == 1
        assert glue.list_jobs()["JobNames"].count(name) == 1
        assert glue.list_crawlers()["CrawlerNames"].count(name) == 1
        assert glue.list_triggers()["TriggerNames"].count(name) == 1
        assert glue.list_workflows()["Workflows"].count(name) == 1
        for kind in ("job", "crawler", "trigger", "workflow"):
            arn = f"arn:aws:glue:{region}:{account}:{kind}/{name}"
            assert glue.get_tags(ResourceArn=arn)["Tags"] == {"whose": f"{account}-{region}"}
    arn = f"arn:aws:glue:us-east-1:111111111111:job/{name}"
    assert refused(at(MINE).get_tags, ResourceArn=arn)[0] == "EntityNotFoundException"


def test_a_clean_up_of_one_account_leaves_what_others_have(at: Client, name: str) -> None:
    run = at(MINE).start_job_run(JobName=name)["JobRunId"]
    job_ended(at(MINE), name)
    _delete(at(OTHER), name)

    gone = at(OTHER)
    assert refused(gone.get_job, JobName=name)[0] == "EntityNotFoundException"
    assert refused(gone.get_trigger, Name=name)[0] == "EntityNotFoundException"
    for kept in (at(MINE), at(ABROAD)):
        assert kept.get_job(JobName=name)["Job"]["Name"] == name
        assert kept.get_crawler(Name=name)["Crawler"]["State"] == "READY"
        assert kept.get_trigger(Name=name)["Trigger"]["WorkflowName"] == name
        assert kept.get_workflow(Name=name)["Workflow"]["Name"] == name
    assert [one["Id"] for one in job_runs(at(MINE), name)] == [run]


def test_a_job_runs_and_logs_in_its_own_account_and_region(at: Client, name: str) -> None:
    for place in (OTHER, ABROAD):
        run = at(place).start_job_run(JobName=name)["JobRunId"]
        assert job_ended(at(place), name)["Id"] == run
        assert _lines(at(place, "logs"), "/aws-glue/python-jobs/output", run) == [
            f"in {place[0]} {place[1]}"
        ]
        assert (
            refused(at(MINE).get_job_run, JobName=name, RunId=run)[0] == "EntityNotFoundException"
        )
        stopped = at(MINE).batch_stop_job_run(JobName=name, JobRunIds=[run])
        assert stopped["Errors"][0]["ErrorDetail"]["ErrorCode"] == "EntityNotFoundException"
        assert _lines(at(MINE, "logs"), "/aws-glue/python-jobs/output", run) == []
    assert job_runs(at(MINE), name) == []


def test_a_crawl_writes_to_the_catalog_and_the_logs_of_its_own_account(
    at: Client, name: str
) -> None:
    for place in PLACES:
        at(place).create_database(DatabaseInput={"Name": name})
    at(OTHER).start_crawler(Name=name)
    until(lambda: at(OTHER).get_crawler(Name=name)["Crawler"]["State"] == "READY")

    assert at(OTHER).get_crawler(Name=name)["Crawler"]["LastCrawl"]["Status"] == "SUCCEEDED"
    tables = at(OTHER).get_tables(DatabaseName=name)["TableList"]
    assert [table["Name"] for table in tables] == ["rows"]
    assert len(at(OTHER).list_crawls(CrawlerName=name)["Crawls"]) == 1
    assert len(_lines(at(OTHER, "logs"), "/aws-glue/crawlers", name)) > 1
    for place in (MINE, ABROAD):
        assert at(place).get_tables(DatabaseName=name)["TableList"] == []
        assert at(place).list_crawls(CrawlerName=name)["Crawls"] == []
        assert "LastCrawl" not in at(place).get_crawler(Name=name)["Crawler"]
        assert _lines(at(place, "logs"), "/aws-glue/crawlers", name) == []


def test_a_workflow_run_goes_on_in_its_own_account_after_the_edge_was_killed(
    stack, at: Client, name: str
) -> None:
    stack.client("s3").put_object(Bucket=BUCKET, Key=f"{name}.py", Body=SLEEPS.encode())
    glue = at(OTHER)
    command = {"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/{name}.py"}
    for place in (MINE, OTHER):
        at(place).create_job(Name=f"{name}-then", Role=ROLE, Command=command)
        condition = {"LogicalOperator": "EQUALS", "JobName": name, "State": "SUCCEEDED"}
        at(place).create_trigger(
            Name=f"{name}-then",
            Type="CONDITIONAL",
            WorkflowName=name,
            Predicate={"Conditions": [condition]},
            Actions=[{"JobName": f"{name}-then"}],
            StartOnCreation=True,
        )
    run = glue.start_workflow_run(Name=name)["RunId"]
    job_ended(glue, name, "RUNNING")

    stack.kill("edge")
    stack.start_edge()

    assert run_ended(glue, name, run)["Statistics"]["SucceededActions"] == 2
    for job in (name, f"{name}-then"):
        (done,) = job_runs(glue, job)
        lines = _lines(at(OTHER, "logs"), "/aws-glue/python-jobs/output", done["Id"])
        assert lines == ["in 111111111111 us-east-1"]
        assert job_runs(at(MINE), job) == []
    assert at(MINE).get_workflow_runs(Name=name)["Runs"] == []
    at(MINE).delete_job(JobName=f"{name}-then")
    glue.delete_job(JobName=f"{name}-then")


def test_a_stack_and_a_state_machine_use_the_glue_of_their_own_account(
    at: Client, name: str
) -> None:
    made = f"{name}-stack"
    command = {"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/{name}.py"}
    action = [{"JobName": {"Ref": "Job"}}]
    target = {"S3Targets": [{"Path": f"s3://{BUCKET}/{name}/rows/"}]}
    named = {"Name": made}
    crawler = {**named, "Role": ROLE, "DatabaseName": name, "Targets": target}
    types = {
        "Job": {**named, "Role": ROLE, "Command": command},
        "Crawler": crawler,
        "Workflow": named,
        "Trigger": {**named, "Type": "ON_DEMAND", "Actions": action},
    }
    resources = {
        kind: {"Type": f"AWS::Glue::{kind}", "Properties": properties}
        for kind, properties in types.items()
    }
    stacks, glue = at(OTHER, "cloudformation"), at(OTHER)
    stacks.create_stack(StackName=made, TemplateBody=json.dumps({"Resources": resources}))
    stacks.get_waiter("stack_create_complete").wait(StackName=made, WaiterConfig={"Delay": 1})
    assert glue.get_crawler(Name=made)["Crawler"]["DatabaseName"] == name
    assert glue.get_trigger(Name=made)["Trigger"]["Actions"] == [{"JobName": made}]
    assert glue.get_workflow(Name=made)["Workflow"]["Name"] == made
    assert refused(at(MINE).get_job, JobName=made)[0] == "EntityNotFoundException"
    assert refused(at(MINE).get_crawler, Name=made)[0] == "EntityNotFoundException"

    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::glue:startJobRun.sync",
        "Parameters": {"JobName": made},
        "End": True,
    }
    machine = Machine(at(OTHER, "stepfunctions"), {"Run": task}, role=ROLE)
    assert machine.output()["JobRunState"] == "SUCCEEDED"
    assert len(job_runs(glue, made)) == 1

    stacks.delete_stack(StackName=made)
    stacks.get_waiter("stack_delete_complete").wait(StackName=made, WaiterConfig={"Delay": 1})
    assert refused(glue.get_job, JobName=made)[0] == "EntityNotFoundException"


def _lines(logs: Any, group: str, stream: str) -> list[str]:
    try:
        found = logs.get_log_events(logGroupName=group, logStreamName=stream)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in found]


def _delete(glue: Any, name: str) -> None:
    """All that the account has of the name, and its database."""
    glue.delete_trigger(Name=name)
    glue.delete_workflow(Name=name)
    glue.delete_job(JobName=name)
    for found in glue.list_crawlers()["CrawlerNames"]:
        if found == name:
            glue.delete_crawler(Name=name)
    for found in glue.get_databases()["DatabaseList"]:
        if found["Name"] == name:
            glue.delete_database(Name=name)
