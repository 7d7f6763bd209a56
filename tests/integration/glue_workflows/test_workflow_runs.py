"""Runs of Glue workflows: graph, properties, ends, restarts."""

from __future__ import annotations

import uuid

from tests.support.errors import refused
from tests.support.glue_ends import BUCKET, FAILS, SLEEPS, job_ended, job_runs, run_ended


def test_a_workflow_run_tells_its_jobs_its_graph_and_its_statistics(glue, job, trigger, workflow):
    name = workflow(DefaultRunProperties={"day": "2026-01-16", "mode": "full"})
    first, second, third = job(), job(FAILS), job()
    start = trigger("ON_DEMAND", first, WorkflowName=name)
    then = trigger("CONDITIONAL", second, WorkflowName=name, after={first: "SUCCEEDED"})
    trigger("CONDITIONAL", third, WorkflowName=name, after={second: "SUCCEEDED"})

    run = glue.start_workflow_run(Name=name, RunProperties={"mode": "daily"})["RunId"]

    ended = run_ended(glue, name, run)
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

    assert run_ended(glue, name, run)["Statistics"]["SucceededActions"] == 1
    found = glue.get_workflow_run_properties(Name=name, RunId=run)["RunProperties"]
    assert found == {"day": "2026-01-16", "read": "2026-01-16"}


def test_a_stopped_workflow_run_stops_its_job_and_starts_no_other(glue, job, trigger, workflow):
    name = workflow(MaxConcurrentRuns=1)
    sleeps, after = job(SLEEPS), job()
    trigger("ON_DEMAND", sleeps, WorkflowName=name)
    trigger("CONDITIONAL", after, WorkflowName=name, after={sleeps: "STOPPED"})
    run = glue.start_workflow_run(Name=name)["RunId"]
    job_ended(glue, sleeps, "RUNNING")

    assert refused(glue.start_workflow_run, Name=name)[0] == "ConcurrentRunsExceededException"
    glue.stop_workflow_run(Name=name, RunId=run)

    ended = run_ended(glue, name, run, "STOPPED")
    assert ended["Statistics"]["StoppedActions"] == 1
    assert job_runs(glue, after) == []
    again = refused(glue.stop_workflow_run, Name=name, RunId=run)[0]
    assert again == "IllegalWorkflowStateException"


def test_a_workflow_deleted_while_it_runs_stops_its_job(glue, job, trigger, workflow):
    name, sleeps = workflow(), job(SLEEPS)
    trigger("ON_DEMAND", sleeps, WorkflowName=name)
    run = glue.start_workflow_run(Name=name)["RunId"]
    job_ended(glue, sleeps, "RUNNING")

    glue.delete_workflow(Name=name)

    job_ended(glue, sleeps, "STOPPED")
    gone = refused(glue.get_workflow_run, Name=name, RunId=run)[0]
    assert gone == "EntityNotFoundException"


def test_a_job_deleted_while_its_workflow_runs_ends_the_run(glue, job, trigger, workflow):
    name, sleeps = workflow(), job(SLEEPS)
    trigger("ON_DEMAND", sleeps, WorkflowName=name)
    run = glue.start_workflow_run(Name=name)["RunId"]
    job_ended(glue, sleeps, "RUNNING")

    glue.delete_job(JobName=sleeps)

    assert run_ended(glue, name, run)["Statistics"]["StoppedActions"] == 1


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

    ended = run_ended(glue, name, run)
    nodes = {node["Name"]: node for node in ended["Graph"]["Nodes"]}
    (crawl,) = nodes[good]["CrawlerDetails"]["Crawls"]
    assert (crawl["State"], crawl["LogGroup"]) == ("SUCCEEDED", "/aws-glue/crawlers")
    (failed,) = nodes[bad]["CrawlerDetails"]["Crawls"]
    assert failed["State"] == "FAILED" and failed["ErrorMessage"]
    assert [table["Name"] for table in glue.get_tables(DatabaseName=good)["TableList"]] == [
        good.replace("-", "_")
    ]
    assert len(job_runs(glue, after)) == 1
    assert job_runs(glue, never) == []


def test_a_job_that_cannot_start_is_an_errored_action(glue, job, trigger, workflow):
    name = workflow()
    unknown = job()
    trigger("ON_DEMAND", unknown, WorkflowName=name)
    glue.delete_job(JobName=unknown)

    run = glue.start_workflow_run(Name=name)["RunId"]

    ended = run_ended(glue, name, run)
    assert ended["Statistics"]["ErroredActions"] == 1
    (told,) = [n for n in ended["Graph"]["Nodes"] if n["Name"] == unknown]
    assert unknown in told["JobDetails"]["JobRuns"][0]["ErrorMessage"]
