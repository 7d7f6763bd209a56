"""`lake reset`: nothing that the stack has stored is left, after it was asked."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.git_client import WorkTree
from tests.support.process_stack import LAKE, ProcessStack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[ProcessStack]:
    with ProcessStack(tmp_path / "lake", logs=tmp_path) as running:
        running.start_edge()
        yield running


def reset(stack: ProcessStack, *options: str, answer: str = "") -> str:
    environment = {**os.environ, **stack.variables}
    done = subprocess.run(
        [LAKE, "reset", *options], env=environment, input=answer, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def test_all_that_was_stored_goes_once_it_is_confirmed(stack, tmp_path):
    stack.client("s3").create_bucket(Bucket="bucket")
    stack.client("s3").put_object(Bucket="bucket", Key="k", Body=b"1")
    stack.client("glue").create_database(DatabaseInput={"Name": "d"})
    stack.client("logs").create_log_group(logGroupName="/g")
    stack.client("athena").create_work_group(Name="w")
    tree = WorkTree(tmp_path / "code", f"{stack.url}/_git/team/code.git")
    tree.push("Begin", README="hello")
    stack.stop("edge")
    stored = {path.name for path in stack.folder.iterdir()}

    assert "Aborted" in reset(stack, answer="n\n")
    assert {path.name for path in stack.folder.iterdir()} == stored
    assert "Emptied" in reset(stack, answer="y\n")
    assert list(stack.folder.iterdir()) == []
    assert "Nothing is stored" in reset(stack, "--yes")

    (stack.folder / "tmp").mkdir()
    stack.start_edge()
    assert stack.client("s3").list_buckets()["Buckets"] == []
    assert stack.client("glue").get_databases()["DatabaseList"] == []
