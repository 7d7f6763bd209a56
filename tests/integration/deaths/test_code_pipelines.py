"""Pipelines, runs and repositories after kill -9 of the edge."""

from __future__ import annotations

import subprocess

from tests.support.git_client import WorkTree
from tests.support.ledgers import outlives
from tests.support.pipelines import Pipelines, approval, deploy, invoke, s3_source, source, stage
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

SLOW = "import time\ndef handler(event, context):\n    time.sleep(25)\n"


def push_unnoticed(stack: ProcessStack) -> None:
    """As if a push had reached the disk but not the pipelines: git's own files, by its client."""
    bare = stack.folder / "repositories" / "acme" / "aside.git"
    subprocess.run(
        ["git", "clone", "--quiet", "--bare", str(stack.logs / "work"), str(bare)], check=True
    )


@outlives(turn=1, while_down=push_unnoticed)
def test_runs_are_told_as_failed_or_go_on_and_missed_pushes_are_noticed(stack):
    pipelines = Pipelines(stack.client)
    pipelines.s3.create_bucket(Bucket="deployed")
    tree = WorkTree(stack.logs / "work", f"{stack.url}/_git/acme/code.git")
    first = tree.push_files("First", {"a.txt": "1"})
    function = pipelines.function("slow", SLOW)
    held = pipelines.create(
        stage("Source", source("acme/code", DetectChanges="false")),
        stage("Release", approval()),
        stage("Deploy", deploy("deployed")),
    )
    watching = pipelines.create(
        stage("Source", source("acme/aside")), stage("Deploy", deploy("deployed"))
    )
    pipelines.newest_end(watching)
    pipelines.s3.create_bucket(Bucket="source")
    pipelines.s3.put_bucket_versioning(
        Bucket="source", VersioningConfiguration={"Status": "Enabled"}
    )
    pipelines.s3.put_object(Bucket="source", Key="code.zip", Body=b"one")
    polling = pipelines.create(stage("Source", s3_source("source")), stage("Release", approval()))
    pipelines.answer(polling, "Release", "Approved")
    pipelines.newest_end(polling)
    invoked = pipelines.create(
        stage("Source", source("acme/code", DetectChanges="false")),
        stage("Invoke", invoke(function)),
    )
    until(
        lambda: pipelines.action(invoked, "Invoke", "Invoke"),
        lambda found: found.get("status") == "InProgress",
    )
    token = pipelines.token(held, "Release")

    yield

    failed = pipelines.newest_end(invoked)
    assert failed["status"] == "Failed"
    assert "The stack ended while the action was going on" in failed["statusSummary"]
    assert pipelines.token(held, "Release") == token
    pipelines.answer(held, "Release", "Approved")
    assert pipelines.newest_end(held)["status"] == "Succeeded"
    noticed = pipelines.newest_end(watching, 2)
    assert noticed["trigger"]["triggerType"] == "WebhookV2"
    assert noticed["artifactRevisions"][0]["revisionId"] == first
    assert len(pipelines.executions(polling)) == 1  # its object was seen before
    second = pipelines.s3.put_object(Bucket="source", Key="code.zip", Body=b"two")["VersionId"]
    pipelines.answer(polling, "Release", "Approved")
    assert pipelines.newest_end(polling, 2)["artifactRevisions"][0]["revisionId"] == second
    tree.git("fetch", "--quiet", "origin", "main")
    assert tree.git("rev-parse", "FETCH_HEAD") == first
