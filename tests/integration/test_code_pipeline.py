"""The project's own code pipeline: what a commit changes, for the jobs and for the functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_bootstrap.code_pipeline import PipelineError
from aws_bootstrap.deployment import Deployment
from lake.settings import ROOT
from pipeline.addresses import stack_outputs
from tests.support.deployments import deployment_of
from tests.support.git_client import WorkTree
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

PIPELINE = "project6-codepipeline"
TRIGGER = "project6-trigger-code-pipeline"
UPDATED = ("project6-calendly-webhook-ingestion", TRIGGER)
JOBS = ("marketing-bronze", "silver-events", "silver-marketing", "gold")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessStack]:
    """Jobs are plain Python processes: the scripts that these tests commit need no Spark."""
    with ProcessStack(tmp_path_factory.mktemp("stack") / "lake") as made:
        made.start_edge()
        made.start_spark()
        yield made


@pytest.fixture(scope="module")
def deployment(stack: ProcessStack, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    made = deployment_of(stack, tmp_path_factory.mktemp("jars"))
    made.apply(made.plan())
    return made


@pytest.fixture
def tree(deployment: Deployment, tmp_path: Path) -> Iterator[WorkTree]:
    """A clone of the branch; afterwards the branch holds the packaged code again."""
    cloned = WorkTree(tmp_path / "work", deployment.target.code.url, branch="deploy")
    cloned.git("pull", "--quiet", "origin", "deploy")
    yield cloned
    deployment.apply(None)


def executions(stack: ProcessStack) -> list[dict[str, Any]]:
    found = stack.client("codepipeline").list_pipeline_executions(pipelineName=PIPELINE)
    return found["pipelineExecutionSummaries"]


def end_of(stack: ProcessStack, commit: str) -> dict[str, Any]:
    """The execution of a commit, once it has ended."""

    def found() -> dict[str, Any]:
        for one in executions(stack):
            if commit in [revision["revisionId"] for revision in one["sourceRevisions"]]:
                return one
        return {}

    return until(found, lambda one: one.get("status") in ("Succeeded", "Failed"), 60)


def run_machine(stack: ProcessStack) -> dict[str, Any]:
    states = stack.client("stepfunctions")
    machine = stack_outputs(stack.client("cloudformation"), "project6")["StateMachineArn"]
    started = states.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    return until(
        lambda: states.describe_execution(executionArn=started),
        lambda found: found["status"] != "RUNNING",
    )


def script(stack: ProcessStack, text: str) -> dict[str, str | bytes]:
    """Four jobs that put `text` where a test reads it."""
    body = (
        "import boto3\n"
        f"boto3.client('s3', endpoint_url='{stack.url}').put_object("
        f"Bucket='project6-gold-bucket', Key='{{name}}', Body=b'{text}')\n"
    )
    return {f"Spark_codes/project6-{job}.py": body.replace("{name}", job) for job in JOBS}


def written(stack: ProcessStack) -> dict[str, str]:
    s3 = stack.client("s3")
    found = {
        job: s3.get_object(Bucket="project6-gold-bucket", Key=job)["Body"].read() for job in JOBS
    }
    return {job: body.decode() for job, body in found.items()}


def test_a_deployment_fills_the_bucket_by_the_pipeline_and_repeating_it_commits_nothing(
    stack: ProcessStack, deployment: Deployment
) -> None:
    runs = executions(stack)
    assert [run["status"] for run in runs] == ["Succeeded"]
    s3 = stack.client("s3")
    keys = [o["Key"] for o in s3.list_objects_v2(Bucket="project6-code-bucket")["Contents"]]
    assert keys == sorted(deployment.package.code)
    name = "Python_codes/project6-trigger-code-pipeline.py"
    stored = s3.get_object(Bucket="project6-code-bucket", Key=name)["Body"].read()
    assert stored == (ROOT / "services/lambdas/project6-trigger-code-pipeline.py").read_bytes()

    assert deployment.apply(deployment.plan()) == []
    assert executions(stack) == runs


def test_a_commit_changes_the_jobs_that_the_next_run_runs_and_a_revert_brings_them_back(
    stack: ProcessStack, deployment: Deployment, tree: WorkTree
) -> None:
    tree.push_files("Jobs that say one", script(stack, "one"))
    ended = run_machine(stack)
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    assert written(stack) == dict.fromkeys(JOBS, "one")

    tree.push_files("Jobs that say two", script(stack, "two"))
    assert run_machine(stack)["status"] == "SUCCEEDED"
    assert written(stack) == dict.fromkeys(JOBS, "two")

    tree.git("revert", "--no-edit", "HEAD")
    tree.git("push", "--quiet", "origin", "deploy")
    assert run_machine(stack)["status"] == "SUCCEEDED"
    assert written(stack) == dict.fromkeys(JOBS, "one")
    versions = stack.client("s3").list_object_versions(
        Bucket="project6-code-bucket", Prefix="Spark_codes/project6-gold.py"
    )["Versions"]
    assert len(versions) >= 4


def test_a_failed_pipeline_stops_the_run_with_its_cause_and_the_code_before_goes_on(
    stack: ProcessStack, deployment: Deployment, tree: WorkTree
) -> None:
    functions = stack.client("lambda")
    before = [functions.get_function(FunctionName=n)["Configuration"] for n in UPDATED]
    broken = {f"Python_codes/{TRIGGER}.py": "def broken(:\n"}
    tree.push_files("Break the trigger", broken)

    ended = run_machine(stack)

    assert ended["status"] == "FAILED"
    assert ended["error"] == "PipelineError"
    message = json.loads(ended["cause"])["errorMessage"]
    assert "UpdateFunctions: SourceError" in message
    assert f"Python_codes/{TRIGGER}.py to be Python" in message
    after = [functions.get_function(FunctionName=n)["Configuration"] for n in UPDATED]
    assert [c["CodeSha256"] for c in after] == [c["CodeSha256"] for c in before]
    states = stack.client("stepfunctions")
    history = states.get_execution_history(executionArn=ended["executionArn"])["events"]
    entered = [
        e["stateEnteredEventDetails"]["name"] for e in history if "stateEnteredEventDetails" in e
    ]
    assert entered == ["DeployCode"]


def test_the_trigger_function_is_updated_while_it_waits_and_still_answers(
    stack: ProcessStack, deployment: Deployment, tree: WorkTree
) -> None:
    name = f"Python_codes/{TRIGGER}.py"
    source = (tree.folder / name).read_text()
    pipelines = stack.client("codepipeline")
    hold = {"pipelineName": PIPELINE, "stageName": "Source", "transitionType": "Inbound"}
    pipelines.disable_stage_transition(**hold, reason="until the function waits")
    commit = tree.push_files("Say more", {name: source + "\nNEW = True\n"})
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(stack.client("lambda", 1).invoke, FunctionName=TRIGGER)
        until(lambda: len(executions(stack)), lambda count: count and _waits(stack))
        pipelines.enable_stage_transition(**hold)
        answered = answer.result(timeout=120)

    assert "FunctionError" not in answered, answered["Payload"].read()
    assert json.loads(answered["Payload"].read())["status"] == "Succeeded"
    update = pipelines.list_action_executions(pipelineName=PIPELINE)["actionExecutionDetails"][0]
    assert update["output"]["executionResult"]["externalExecutionSummary"] == f"Updated {TRIGGER}"
    assert end_of(stack, commit)["status"] == "Succeeded"


def _waits(stack: ProcessStack) -> bool:
    """The function's own execution waits at the closed transition."""
    newest = executions(stack)[0]
    is_own = newest["trigger"]["triggerType"] == "StartPipelineExecution"
    return is_own and newest["status"] == "InProgress"


def test_runs_at_the_same_time_do_not_fail_each_other(
    stack: ProcessStack, deployment: Deployment
) -> None:
    count = len(executions(stack))

    with ThreadPoolExecutor() as pool:
        invoke = stack.client("lambda", 1).invoke
        answers = [pool.submit(invoke, FunctionName=TRIGGER) for _ in range(4)]
        found = [json.loads(a.result(timeout=120)["Payload"].read()) for a in answers]

    assert [answer.get("status") for answer in found] == ["Succeeded"] * 4
    assert len(executions(stack)) == count + 4


def test_a_deployment_whose_pipeline_fails_says_which_action_and_why(
    stack: ProcessStack, deployment: Deployment
) -> None:
    broken = {**deployment.package.code, f"Python_codes/{TRIGGER}.py": b"def broken(:\n"}
    other = replace(deployment, package=replace(deployment.package, code=broken))

    with pytest.raises(PipelineError, match=r"is Failed:\n  UpdateFunctions: SourceError"):
        other.apply(None)
    with pytest.raises(PipelineError, match="UpdateFunctions"):
        other.apply(None)

    assert len(deployment.apply(None)) == 1


def test_files_of_others_on_the_branch_stay(
    stack: ProcessStack, deployment: Deployment, tree: WorkTree
) -> None:
    commit = tree.push_files(
        "Notes, and a stray script", {"NOTES.md": "n\n", "Spark_codes/stray.py": "1\n"}
    )
    end_of(stack, commit)

    deployment.apply(None)

    tree.git("pull", "--quiet", "origin", "deploy")
    assert (tree.folder / "NOTES.md").read_text() == "n\n"
    assert not (tree.folder / "Spark_codes/stray.py").exists()
    assert tree.git("log", "-1", "--format=%s") == "Deploy stray.py"
