"""A run of a Glue workflow after kill -9 of the edge."""

from __future__ import annotations

from typing import Any

from tests.support.glue_ends import job_ended, job_runs, run_ended
from tests.support.ledgers import outlives
from tests.support.state_machines import ROLE


def make_job(stack: Any, name: str, script: str) -> None:
    stack.client("s3").put_object(Bucket="scripts", Key=f"{name}.py", Body=script.encode())
    command = {"Name": "pythonshell", "ScriptLocation": f"s3://scripts/{name}.py"}
    stack.client("glue").create_job(Name=name, Role=ROLE, Command=command)


@outlives(turn=2)
def test_a_workflow_run_goes_on(stack):
    glue = stack.client("glue")
    stack.client("s3").create_bucket(Bucket="scripts")
    make_job(stack, "first", "import time; time.sleep(8)")
    make_job(stack, "second", "print('done')")
    glue.create_workflow(Name="w")
    glue.create_trigger(
        Name="begin", Type="ON_DEMAND", WorkflowName="w", Actions=[{"JobName": "first"}]
    )
    succeeded = {"LogicalOperator": "EQUALS", "JobName": "first", "State": "SUCCEEDED"}
    glue.create_trigger(
        Name="go-on",
        Type="CONDITIONAL",
        WorkflowName="w",
        Predicate={"Logical": "AND", "Conditions": [succeeded]},
        Actions=[{"JobName": "second"}],
        StartOnCreation=True,
    )
    run = glue.start_workflow_run(Name="w")["RunId"]
    job_ended(glue, "first", "RUNNING")

    yield

    assert run_ended(glue, "w", run)["Statistics"]["SucceededActions"] == 2
    assert len(job_runs(glue, "first")) == len(job_runs(glue, "second")) == 1
