"""Pipelines, runs and repositories over the death of the stack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.git_client import WorkTree
from tests.support.pipelines import Pipelines, approval, deploy, invoke, s3_source, source, stage
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

SLOW = "import time\ndef handler(event, context):\n    time.sleep(25)\n"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[ProcessStack]:
    with ProcessStack(tmp_path / "lake") as made:
        made.start_edge()
        yield made


def test_after_a_kill_runs_are_told_as_failed_or_go_on_and_missed_pushes_are_noticed(
    stack: ProcessStack, tmp_path: Path
) -> None:
    pipelines = Pipelines(stack.client)
    pipelines.s3.create_bucket(Bucket="deployed")
    tree = WorkTree(tmp_path / "work", f"{stack.url}/_git/acme/code.git")
    first = tree.push_files("First", {"a.txt": "1"})
    function = pipelines.function("slow", SLOW)
    invoked = pipelines.create(
        stage("Source", source("acme/code", DetectChanges="false")),
        stage("Invoke", invoke(function)),
    )
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
    until(
        lambda: pipelines.action(invoked, "Invoke", "Invoke"),
        lambda found: found.get("status") == "InProgress",
    )
    token = pipelines.token(held, "Release")

    stack.kill("edge")
    # As if a push had reached the disk but not the pipelines: git's own files, by git's client.
    bare = tmp_path / "lake/repositories/acme/aside.git"
    tree.git("clone", "--quiet", "--bare", str(tmp_path / "work"), str(bare))
    stack.start_edge()

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
