"""Jobs, triggers and workflows of a test's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.glue_ends import BUCKET, WELL
from tests.support.process_stack import ProcessStack


@pytest.fixture(scope="package")
def stack(processes: ProcessStack) -> ProcessStack:
    processes.client("s3").create_bucket(Bucket=BUCKET)
    return processes


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
