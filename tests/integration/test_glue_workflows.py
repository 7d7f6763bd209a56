"""Glue triggers and workflows on a live edge: real jobs, one after the other or not at all."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.process_stack import ProcessStack

BUCKET = "workflow-scripts"
WELL = "import sys; print(*sys.argv[1:])"
FAILS = "raise SystemExit(3)"
SLEEPS = "import time; time.sleep(60)"


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[ProcessStack]:
    running = ProcessStack(tmp_path_factory.mktemp("workflows"))
    running.start_edge()
    running.start_spark()
    running.client("s3").create_bucket(Bucket=BUCKET)
    yield running
    running.stop_all()


@pytest.fixture
def glue(stack) -> Any:
    return stack.client("glue")


@pytest.fixture
def job(stack, glue) -> Callable[..., str]:
    def make(script: str = WELL, runs_at_once: int = 5, **settings: Any) -> str:
        name = f"job-{uuid.uuid4().hex[:8]}"
        stack.client("s3").put_object(Bucket=BUCKET, Key=f"{name}.py", Body=script.encode())
        glue.create_job(
            Name=name,
            Role="arn:aws:iam::000000000000:role/glue",
            Command={"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/{name}.py"},
            ExecutionProperty={"MaxConcurrentRuns": runs_at_once},
            **settings,
        )
        return name

    return make


@pytest.fixture
def trigger(glue) -> Iterator[Callable[..., str]]:
    made: list[str] = []

    def make(kind: str, *starts: str, after: dict[str, str] | None = None, **settings: Any) -> str:
        name = f"trigger-{uuid.uuid4().hex[:8]}"
        if after:
            conditions = [
                {"LogicalOperator": "EQUALS", "JobName": watched, "State": state}
                for watched, state in after.items()
            ]
            logical = settings.pop("Logical", "AND")
            settings["Predicate"] = {"Logical": logical, "Conditions": conditions}
            settings["StartOnCreation"] = True
        actions = settings.pop("Actions", [{"JobName": one} for one in starts])
        glue.create_trigger(Name=name, Type=kind, Actions=actions, **settings)
        made.append(name)
        return name

    yield make
    for name in made:
        glue.delete_trigger(Name=name)


@pytest.fixture
def workflow(glue) -> Iterator[Callable[..., str]]:
    made: list[str] = []

    def make(**settings: Any) -> str:
        name = f"workflow-{uuid.uuid4().hex[:8]}"
        glue.create_workflow(Name=name, **settings)
        made.append(name)
        return name

    yield make
    for name in made:
        glue.delete_workflow(Name=name)


def _until(condition: Callable[[], Any], seconds: float = 45) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.1)
    return found


def _runs(glue: Any, job: str) -> list[dict[str, Any]]:
    return glue.get_job_runs(JobName=job)["JobRuns"]


def _ended(glue: Any, job: str, state: str = "SUCCEEDED") -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        return next((run for run in _runs(glue, job) if run["JobRunState"] == state), None)

    return _until(ended)


def _run_ended(glue: Any, workflow: str, run: str, status: str = "COMPLETED") -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        found = glue.get_workflow_run(Name=workflow, RunId=run, IncludeGraph=True)["Run"]
        return found if found["Status"] == status else None

    return _until(ended)


def _refused(call: Callable[..., Any], **request: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**request)
    return refused.value.response["Error"]["Code"]


def test_an_on_demand_trigger_starts_its_job_with_its_arguments(glue, job, trigger):
    first = job()
    action = {"JobName": first, "Arguments": {"--DAY": "2026-01-16"}, "Timeout": 7}
    name = trigger("ON_DEMAND", Actions=[action])

    glue.start_trigger(Name=name)

    run = _ended(glue, first)
    assert run["TriggerName"] == name
    assert run["Arguments"] == {"--DAY": "2026-01-16"}
    assert run["Timeout"] == 7
    assert glue.get_trigger(Name=name)["Trigger"]["State"] == "CREATED"


def test_a_conditional_trigger_fires_after_success_and_not_after_failure(glue, job, trigger):
    good, bad, after_good, after_bad, after_failure = job(), job(FAILS), job(), job(), job()
    start = trigger("ON_DEMAND", good, bad)
    trigger("CONDITIONAL", after_good, after={good: "SUCCEEDED"})
    trigger("CONDITIONAL", after_bad, after={bad: "SUCCEEDED"})
    trigger("CONDITIONAL", after_failure, after={bad: "FAILED"})

    glue.start_trigger(Name=start)

    run = _ended(glue, after_good)
    assert run["PredecessorRuns"] == [{"JobName": good, "RunId": _runs(glue, good)[0]["Id"]}]
    _ended(glue, after_failure)
    assert _runs(glue, after_bad) == []


def test_and_waits_for_all_and_any_for_the_first(glue, job, trigger):
    quick, slow, both, either = job(), job("import time; time.sleep(3)"), job(), job()
    start = trigger("ON_DEMAND", quick, slow)
    trigger("CONDITIONAL", both, after={quick: "SUCCEEDED", slow: "SUCCEEDED"})
    trigger("CONDITIONAL", either, after={quick: "SUCCEEDED", slow: "SUCCEEDED"}, Logical="ANY")

    glue.start_trigger(Name=start)

    begun = _ended(glue, both)["StartedOn"]
    assert begun >= _ended(glue, slow)["CompletedOn"]
    assert _ended(glue, either)["StartedOn"] < begun
    assert len(_runs(glue, either)) == 1


def test_a_conditional_trigger_waits_for_the_last_attempt(glue, job, trigger):
    fails, after = job(FAILS, MaxRetries=1), job()
    start = trigger("ON_DEMAND", fails)
    trigger("CONDITIONAL", after, after={fails: "FAILED"})

    glue.start_trigger(Name=start)

    predecessor = _ended(glue, after)["PredecessorRuns"][0]["RunId"]
    assert predecessor.endswith("_attempt_1")


def test_a_run_that_no_trigger_started_fires_none(glue, job, trigger):
    first, after = job(), job()
    trigger("CONDITIONAL", after, after={first: "SUCCEEDED"})

    glue.start_job_run(JobName=first)

    _ended(glue, first)
    time.sleep(0.5)
    assert _runs(glue, after) == []


def test_a_stopped_trigger_does_not_fire_and_a_started_one_does(glue, job, trigger):
    first, after = job(), job()
    start = trigger("ON_DEMAND", first)
    name = trigger("CONDITIONAL", after, after={first: "SUCCEEDED"})

    glue.stop_trigger(Name=name)
    assert glue.get_trigger(Name=name)["Trigger"]["State"] == "DEACTIVATED"
    glue.start_trigger(Name=start)
    _ended(glue, first)
    time.sleep(0.5)
    assert _runs(glue, after) == []

    glue.start_trigger(Name=name)
    assert glue.get_trigger(Name=name)["Trigger"]["State"] == "ACTIVATED"
    glue.start_trigger(Name=start)
    _ended(glue, after)


def test_a_scheduled_trigger_fires_in_its_minute(glue, job, trigger):
    due, later, idle = job(), job(), job()
    moment = datetime.now(UTC) + timedelta(seconds=65)
    schedule = f"cron({moment.minute} {moment.hour} * * ? *)"
    trigger("SCHEDULED", due, Schedule=schedule, StartOnCreation=True)
    trigger("SCHEDULED", idle, Schedule=schedule)
    trigger("SCHEDULED", later, Schedule="cron(0 0 1 1 ? 2199)", StartOnCreation=True)

    run = _until(lambda: _runs(glue, due), seconds=90)[0]

    assert (run["StartedOn"].minute, run["StartedOn"].second < 30) == (moment.minute, True)
    assert _runs(glue, later) == _runs(glue, idle) == []


def test_an_action_that_cannot_start_is_the_error_of_its_trigger(glue, job, trigger):
    busy = job(SLEEPS, runs_at_once=1)
    start = trigger("ON_DEMAND", busy)
    glue.start_trigger(Name=start)

    assert _refused(glue.start_trigger, Name=start) == "ConcurrentRunsExceededException"

    glue.batch_stop_job_run(JobName=busy, JobRunIds=[_runs(glue, busy)[0]["Id"]])
    glue.delete_job(JobName=busy)
    assert _refused(glue.start_trigger, Name=start) == "EntityNotFoundException"


def test_a_workflow_run_tells_its_jobs_its_graph_and_its_statistics(glue, job, trigger, workflow):
    name = workflow(DefaultRunProperties={"day": "2026-01-16", "mode": "full"})
    first, second, third = job(), job(FAILS), job()
    start = trigger("ON_DEMAND", first, WorkflowName=name)
    then = trigger("CONDITIONAL", second, WorkflowName=name, after={first: "SUCCEEDED"})
    trigger("CONDITIONAL", third, WorkflowName=name, after={second: "SUCCEEDED"})

    run = glue.start_workflow_run(Name=name, RunProperties={"mode": "daily"})["RunId"]

    ended = _run_ended(glue, name, run)
    assert ended["Statistics"] == {
        "TotalActions": 3,
        "TimeoutActions": 0,
        "FailedActions": 1,
        "StoppedActions": 0,
        "SucceededActions": 1,
        "RunningActions": 0,
        "ErroredActions": 0,
        "WaitingActions": 0,
    }
    assert ended["WorkflowRunProperties"] == {"day": "2026-01-16", "mode": "daily"}
    nodes = {node["Name"]: node for node in ended["Graph"]["Nodes"]}
    assert nodes[third]["JobDetails"]["JobRuns"] == []
    (job_run,) = nodes[first]["JobDetails"]["JobRuns"]
    assert job_run["TriggerName"] == start
    assert job_run["Arguments"] == {"--WORKFLOW_NAME": name, "--WORKFLOW_RUN_ID": run}
    names = {node["UniqueId"]: node["Name"] for node in ended["Graph"]["Nodes"]}
    edges = [(names[e["SourceId"]], names[e["DestinationId"]]) for e in ended["Graph"]["Edges"]]
    assert edges[:3] == [(start, first), (first, then), (then, second)]
    assert glue.get_workflow(Name=name)["Workflow"]["LastRun"]["WorkflowRunId"] == run


def test_a_script_of_a_workflow_reads_and_sets_the_properties_of_its_run(
    stack, glue, job, trigger, workflow
):
    name = workflow()
    script = """
import sys, boto3
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
run = {"Name": given["--WORKFLOW_NAME"], "RunId": given["--WORKFLOW_RUN_ID"]}
glue = boto3.client("glue")
day = glue.get_workflow_run_properties(**run)["RunProperties"]["day"]
glue.put_workflow_run_properties(**run, RunProperties={"read": day})
"""
    trigger("ON_DEMAND", job(script), WorkflowName=name)

    run = glue.start_workflow_run(Name=name, RunProperties={"day": "2026-01-16"})["RunId"]

    assert _run_ended(glue, name, run)["Statistics"]["SucceededActions"] == 1
    found = glue.get_workflow_run_properties(Name=name, RunId=run)["RunProperties"]
    assert found == {"day": "2026-01-16", "read": "2026-01-16"}


def test_a_stopped_workflow_run_stops_its_job_and_starts_no_other(glue, job, trigger, workflow):
    name = workflow(MaxConcurrentRuns=1)
    sleeps, after = job(SLEEPS), job()
    trigger("ON_DEMAND", sleeps, WorkflowName=name)
    trigger("CONDITIONAL", after, WorkflowName=name, after={sleeps: "STOPPED"})
    run = glue.start_workflow_run(Name=name)["RunId"]
    _ended(glue, sleeps, "RUNNING")

    assert _refused(glue.start_workflow_run, Name=name) == "ConcurrentRunsExceededException"
    glue.stop_workflow_run(Name=name, RunId=run)

    ended = _run_ended(glue, name, run, "STOPPED")
    assert ended["Statistics"]["StoppedActions"] == 1
    assert _runs(glue, after) == []
    again = _refused(glue.stop_workflow_run, Name=name, RunId=run)
    assert again == "IllegalWorkflowStateException"


def test_a_workflow_deleted_while_it_runs_stops_its_job(glue, job, trigger, workflow):
    name, sleeps = workflow(), job(SLEEPS)
    trigger("ON_DEMAND", sleeps, WorkflowName=name)
    run = glue.start_workflow_run(Name=name)["RunId"]
    _ended(glue, sleeps, "RUNNING")

    glue.delete_workflow(Name=name)

    _ended(glue, sleeps, "STOPPED")
    gone = _refused(glue.get_workflow_run, Name=name, RunId=run)
    assert gone == "EntityNotFoundException"


def test_a_job_deleted_while_its_workflow_runs_ends_the_run(glue, job, trigger, workflow):
    name, sleeps = workflow(), job(SLEEPS)
    trigger("ON_DEMAND", sleeps, WorkflowName=name)
    run = glue.start_workflow_run(Name=name)["RunId"]
    _ended(glue, sleeps, "RUNNING")

    glue.delete_job(JobName=sleeps)

    assert _run_ended(glue, name, run)["Statistics"]["StoppedActions"] == 1


def test_a_workflow_run_goes_on_after_the_edge_was_killed(stack, glue, job, trigger, workflow):
    name = workflow()
    first, second = job("import time; time.sleep(8)"), job()
    trigger("ON_DEMAND", first, WorkflowName=name)
    trigger("CONDITIONAL", second, WorkflowName=name, after={first: "SUCCEEDED"})
    run = glue.start_workflow_run(Name=name)["RunId"]
    _ended(glue, first, "RUNNING")

    stack.kill("edge")
    stack.start_edge()

    assert _run_ended(glue, name, run)["Statistics"]["SucceededActions"] == 2
    assert len(_runs(glue, first)) == len(_runs(glue, second)) == 1


def test_a_crawler_of_a_workflow_crawls_and_its_end_starts_the_next_job(
    stack, glue, job, trigger, workflow
):
    name, good, bad = workflow(), f"good-{uuid.uuid4().hex[:8]}", f"bad-{uuid.uuid4().hex[:8]}"
    stack.client("s3").put_object(Bucket=BUCKET, Key=f"{good}/part.json", Body=b'{"n": 1}')
    glue.create_database(DatabaseInput={"Name": good})
    for crawler, database in ((good, good), (bad, "no_such_database")):
        glue.create_crawler(
            Name=crawler,
            Role="arn:aws:iam::000000000000:role/glue",
            DatabaseName=database,
            Targets={"S3Targets": [{"Path": f"s3://{BUCKET}/{good}/"}]},
        )
    after, never = job(), job()
    actions = [{"CrawlerName": good}, {"CrawlerName": bad}]
    trigger("ON_DEMAND", WorkflowName=name, Actions=actions)
    for crawler, starts in ((good, after), (bad, never)):
        condition = {
            "LogicalOperator": "EQUALS",
            "CrawlerName": crawler,
            "CrawlState": "SUCCEEDED",
        }
        trigger(
            "CONDITIONAL",
            starts,
            WorkflowName=name,
            Predicate={"Conditions": [condition]},
            StartOnCreation=True,
        )

    run = glue.start_workflow_run(Name=name)["RunId"]

    ended = _run_ended(glue, name, run)
    nodes = {node["Name"]: node for node in ended["Graph"]["Nodes"]}
    (crawl,) = nodes[good]["CrawlerDetails"]["Crawls"]
    assert (crawl["State"], crawl["LogGroup"]) == ("SUCCEEDED", "/aws-glue/crawlers")
    (failed,) = nodes[bad]["CrawlerDetails"]["Crawls"]
    assert failed["State"] == "FAILED" and failed["ErrorMessage"]
    assert [table["Name"] for table in glue.get_tables(DatabaseName=good)["TableList"]] == [
        good.replace("-", "_")
    ]
    assert len(_runs(glue, after)) == 1
    assert _runs(glue, never) == []


def test_a_job_that_cannot_start_is_an_errored_action(glue, job, trigger, workflow):
    name = workflow()
    unknown = job()
    trigger("ON_DEMAND", unknown, WorkflowName=name)
    glue.delete_job(JobName=unknown)

    run = glue.start_workflow_run(Name=name)["RunId"]

    ended = _run_ended(glue, name, run)
    assert ended["Statistics"]["ErroredActions"] == 1
    (told,) = [n for n in ended["Graph"]["Nodes"] if n["Name"] == unknown]
    assert unknown in told["JobDetails"]["JobRuns"][0]["ErrorMessage"]


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
    assert _refused(glue.get_triggers, NextToken="made-up") == "InvalidInputException"
    assert _refused(glue.get_triggers, MaxResults=201) == "ValidationException"
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
    assert _refused(glue.get_workflow, Name=name) == "EntityNotFoundException"
    assert _refused(glue.get_trigger, Name=start) == "EntityNotFoundException"


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
            assert _refused(glue.create_trigger, **whole) == code, request
    for call in (glue.get_trigger, glue.start_trigger, glue.stop_trigger, glue.get_workflow_runs):
        assert _refused(call, Name="no-such") == "EntityNotFoundException"
    assert _refused(glue.start_workflow_run, Name="no-such") == "EntityNotFoundException"
    assert _refused(glue.start_workflow_run, Name=workflow()) == "InvalidInputException"
    assert _refused(glue.create_workflow, Name=name) == "AlreadyExistsException"
    unknown = _refused(glue.get_workflow_run, Name=name, RunId="wr_unknown")
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
    ended = _run_ended(glue, name, run)
    assert ended["Statistics"]["SucceededActions"] == 2
    assert ended["WorkflowRunProperties"] == {"attempts": "3"}
    assert len(_runs(glue, second)) == 1

    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert _refused(glue.get_workflow, Name=name) == "EntityNotFoundException"
    assert _refused(glue.get_trigger, Name=f"{name}-then") == "EntityNotFoundException"
