"""What changed in the working copy, brought where it runs: seconds, not the whole template.

A job's code goes straight to the key where the code pipeline's deploy step would put it, a function
gets its code by UpdateFunctionCode. The branch that the pipeline reads is committed to afterwards,
so that no later run's DeployCode brings old code back. Template and state machine are changed by an
update of the stack, which touches only what differs: UpdateStateMachine, for one.
"""

from __future__ import annotations

from pathlib import Path

from aws_bootstrap import apply as stacks
from aws_bootstrap import code_pipeline
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.package import SCRIPTS
from lake.working_copy import FUNCTIONS, Changes
from pipeline import objects
from pipeline.names import SEED_PREFIX

# What is watched, below the root; of the deployer's own code only these two files are deployed.
WATCHED = ("spark_jobs", "services/lambdas", "aws_bootstrap")
DEPLOYED_DOCUMENTS = ("template.yaml", "state_machine.asl.json")


def sources(root: Path) -> dict[str, bytes]:
    """The files that are deployed, by their paths below the root."""
    found = [root / "aws_bootstrap" / name for name in DEPLOYED_DOCUMENTS]
    found += [root / f"spark_jobs/{name}.py" for name in SCRIPTS]
    found += [root / f"services/lambdas/{name}.py" for name in FUNCTIONS]
    found += [path for path in (root / "spark_jobs/lakehouse").rglob("*.*") if path.is_file()]
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in found
        if path.suffix in (".py", ".json", ".yaml")
    }


def place(deployment: Deployment, changed: Changes) -> None:
    """Put objects and functions where they run. What stands in the stack's template stays."""
    s3 = deployment.make_client("s3")
    bucket = deployment.names.code_bucket
    for key, content in changed.code.items():
        if content is None:
            s3.delete_object(Bucket=bucket, Key=key)
        else:
            s3.put_object(Bucket=bucket, Key=key, Body=content)
    functions = deployment.make_client("lambda")
    for name, content in changed.functions.items():
        deployed = function_name(deployment, name)
        functions.update_function_code(FunctionName=deployed, ZipFile=content)
        functions.get_waiter("function_updated_v2").wait(
            FunctionName=deployed, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )


def function_name(deployment: Deployment, name: str) -> str:
    return name.replace(SEED_PREFIX, deployment.names.prefix, 1)


def update_stack(deployment: Deployment) -> list[str]:
    """Bring template and state machine about; the logical ids of what was changed."""
    planned = deployment.plan()
    if planned is None:
        return []
    stacks.execute(deployment.make_client("cloudformation"), planned)
    return [change.logical_id for change in planned.changes]


def commit(deployment: Deployment) -> str | None:
    """Commit the code to the branch that the pipeline reads and wait until it has deployed it.

    The commit's short id; None where the branch holds this code already.
    """
    published = deployment.publish()
    code_pipeline.ensure_deployed(
        deployment.make_client("codepipeline"),
        deployment.names.code_pipeline,
        published.commit,
        pushed=published.pushed,
    )
    return published.commit[:8] if published.pushed else None


def differing(deployment: Deployment) -> Changes:
    """What of the deployed code is not that of the working copy, as a session begins."""
    s3, bucket = deployment.make_client("s3"), deployment.names.code_bucket
    code: dict[str, bytes | None] = {
        key: content
        for key, content in deployment.package.code.items()
        if objects.body(s3, bucket, key) != content
    }
    return Changes(code, {})
