"""Calls on triggers and workflows: changes, lists, refusals, stacks."""

from __future__ import annotations

import json
import uuid

from tests.support.errors import refused
from tests.support.glue_ends import job_runs, run_ended


def test_triggers_are_listed_by_job_tag_and_page(glue, job, trigger):
    first, second = job(), job()
    tagged = trigger("ON_DEMAND", first, Tags={"stage": "test"})
    other = trigger("ON_DEMAND", second)

    assert glue.list_triggers(Tags={"stage": "test"})["TriggerNames"] == [tagged]
    assert glue.list_triggers(DependentJobName=second)["TriggerNames"] == [other]
    page = glue.list_triggers(MaxResults=1)
    assert len(page["TriggerNames"]) == 1 and page["NextToken"]
    found = glue.batch_get_triggers(TriggerNames=[other, "no-such-trigger"])
    assert [one["Name"] for one in found["Triggers"]] == [other]
    assert found["TriggersNotFound"] == ["no-such-trigger"]
    assert refused(glue.get_triggers, NextToken="made-up")[0] == "InvalidInputException"
    assert refused(glue.get_triggers, MaxResults=201)[0] == "ValidationException"
    arn = f"arn:aws:glue:us-east-1:000000000000:trigger/{tagged}"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"stage": "test"}


def test_an_update_overwrites_a_trigger_completely(glue, job, trigger):
    first, second = job(), job()
    name = trigger("SCHEDULED", first, Schedule="cron(0 1 * * ? *)", Description="nightly")

    update = {"Schedule": "cron(0 2 * * ? *)", "Actions": [{"JobName": second}]}
    glue.update_trigger(Name=name, TriggerUpdate=update)

    assert glue.get_trigger(Name=name)["Trigger"] == {
        "Name": name,
        "Type": "SCHEDULED",
        "State": "CREATED",
        "Schedule": "cron(0 2 * * ? *)",
        "Actions": [{"JobName": second}],
    }


def test_workflows_are_changed_listed_and_deleted_with_their_triggers(glue, job, trigger, workflow):
    name, other = workflow(Description="daily"), workflow()
    start = trigger("ON_DEMAND", job(), WorkflowName=name)

    glue.update_workflow(Name=name, MaxConcurrentRuns=2)

    found = glue.batch_get_workflows(Names=[name, "no-such-workflow"], IncludeGraph=True)
    assert found["MissingWorkflows"] == ["no-such-workflow"]
    (described,) = found["Workflows"]
    assert (described["Description"], described["MaxConcurrentRuns"]) == ("daily", 2)
    assert [node["Type"] for node in described["Graph"]["Nodes"]] == ["TRIGGER", "JOB"]
    assert {name, other} <= set(glue.list_workflows()["Workflows"])
    glue.delete_workflow(Name=name)
    assert refused(glue.get_workflow, Name=name)[0] == "EntityNotFoundException"
    assert refused(glue.get_trigger, Name=start)[0] == "EntityNotFoundException"


def test_what_glue_refuses_is_refused(glue, job, trigger, workflow):
    first, name = job(), workflow()
    actions = [{"JobName": first}]
    known = trigger("ON_DEMAND", first, WorkflowName=name)
    refusals = {
        "AlreadyExistsException": [{"Name": known, "Type": "ON_DEMAND"}],
        "EntityNotFoundException": [
            {"Type": "ON_DEMAND", "Actions": [{"JobName": "no-such-job"}]},
            {"Type": "ON_DEMAND", "Actions": [{"CrawlerName": "no-such-crawler"}]},
            {"Type": "ON_DEMAND", "WorkflowName": "no-such-workflow"},
        ],
        "InvalidInputException": [
            {"Type": "EVENT"},
            {"Type": "SCHEDULED"},
            {"Type": "SCHEDULED", "Schedule": "rate(5 minutes)"},
            {"Type": "CONDITIONAL"},
            {"Type": "CONDITIONAL", "Predicate": {"Conditions": []}},
            {
                "Type": "CONDITIONAL",
                "Predicate": {"Conditions": [{"JobName": first, "State": "RUNNING"}]},
            },
            {"Type": "ON_DEMAND", "StartOnCreation": True},
            {"Type": "ON_DEMAND", "EventBatchingCondition": {"BatchSize": 1}},
            {"Type": "ON_DEMAND", "Schedule": "cron(0 1 * * ? *)"},
            {"Type": "ON_DEMAND", "Actions": [{}]},
            {"Type": "ON_DEMAND", "Actions": []},
            {"Type": "ON_DEMAND", "WorkflowName": name},
        ],
        "ValidationException": [{"Type": "HOURLY"}],
    }
    for code, requests in refusals.items():
        for request in requests:
            whole = {"Name": "refused", "Actions": actions, **request}
            assert refused(glue.create_trigger, **whole)[0] == code, request
    for call in (glue.get_trigger, glue.start_trigger, glue.stop_trigger, glue.get_workflow_runs):
        assert refused(call, Name="no-such")[0] == "EntityNotFoundException"
    assert refused(glue.start_workflow_run, Name="no-such")[0] == "EntityNotFoundException"
    assert refused(glue.start_workflow_run, Name=workflow())[0] == "InvalidInputException"
    assert refused(glue.create_workflow, Name=name)[0] == "AlreadyExistsException"
    unknown = refused(glue.get_workflow_run, Name=name, RunId="wr_unknown")[0]
    assert unknown == "EntityNotFoundException"
    glue.delete_trigger(Name="no-such")
    glue.delete_workflow(Name="no-such")


def test_a_stack_makes_changes_and_deletes_a_workflow_with_its_triggers(stack, glue, job):
    first, second = job(), job()
    name = f"stack-{uuid.uuid4().hex[:8]}"
    stacks = stack.client("cloudformation")

    def template(description: str, after: str) -> str:
        condition = {"LogicalOperator": "EQUALS", "JobName": first, "State": "SUCCEEDED"}
        resources = {
            "Flow": {
                "Type": "AWS::Glue::Workflow",
                "Properties": {
                    "Name": name,
                    "Description": description,
                    "DefaultRunProperties": {"attempts": 3},
                    "MaxConcurrentRuns": 1,
                },
            },
            "Start": {
                "Type": "AWS::Glue::Trigger",
                "Properties": {
                    "Name": f"{name}-start",
                    "WorkflowName": {"Ref": "Flow"},
                    "Type": "ON_DEMAND",
                    "Actions": [{"JobName": first}],
                    "Tags": {"stage": description},
                },
            },
            "Then": {
                "Type": "AWS::Glue::Trigger",
                "Properties": {
                    "Name": f"{name}-then",
                    "WorkflowName": {"Ref": "Flow"},
                    "Type": "CONDITIONAL",
                    "StartOnCreation": True,
                    "Predicate": {"Conditions": [condition]},
                    "Actions": [{"JobName": after}],
                },
            },
        }
        outputs = {"Start": {"Value": {"Ref": "Start"}}}
        return json.dumps({"Resources": resources, "Outputs": outputs})

    stacks.create_stack(StackName=name, TemplateBody=template("daily", first))
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    outputs = stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    assert outputs[0]["OutputValue"] == f"{name}-start"

    stacks.update_stack(StackName=name, TemplateBody=template("hourly", second))
    stacks.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert glue.get_workflow(Name=name)["Workflow"]["Description"] == "hourly"
    arn = f"arn:aws:glue:us-east-1:000000000000:trigger/{name}-start"
    assert glue.get_tags(ResourceArn=arn)["Tags"]["stage"] == "hourly"
    run = glue.start_workflow_run(Name=name)["RunId"]
    ended = run_ended(glue, name, run)
    assert ended["Statistics"]["SucceededActions"] == 2
    assert ended["WorkflowRunProperties"] == {"attempts": "3"}
    assert len(job_runs(glue, second)) == 1

    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert refused(glue.get_workflow, Name=name)[0] == "EntityNotFoundException"
    assert refused(glue.get_trigger, Name=f"{name}-then")[0] == "EntityNotFoundException"
