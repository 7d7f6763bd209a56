"""Calls of each kind to one stack: which were acknowledged, and what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tests.support.functions import zipped
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

ROLE = "arn:aws:iam::000000000000:role/r"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
PASSING = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
SLOW = "import time\nprint('begun', flush=True)\ntime.sleep(8)\nprint('over')"
TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
BUCKET = "kept"


@dataclass
class Ledger:
    """Calls of each kind, by whether they were acknowledged, and what is listed."""

    stack: ProcessStack

    def __post_init__(self) -> None:
        self.stack.client("s3").create_bucket(Bucket=BUCKET)
        self._script("fast.py", "print('done')")
        self._script("slow.py", SLOW)
        emr = self.stack.client("emr-serverless")
        self.application = emr.create_application(releaseLabel="emr-7.12.0", type="SPARK")[
            "applicationId"
        ]
        states = self.stack.client("stepfunctions")
        self.machine = states.create_state_machine(
            name="passing", definition=PASSING, roleArn=ROLE
        )["stateMachineArn"]
        self.acknowledged: dict[str, set[str]] = {kind: set() for kind in self.calls()}
        self.refused: dict[str, set[str]] = {kind: set() for kind in self.calls()}

    def calls(self) -> dict[str, Callable[[str], Any]]:
        def client(service: str) -> Any:
            return self.stack.client(service, attempts=1)

        return {
            "objects": lambda name: client("s3").put_object(
                Bucket=BUCKET, Key=name, Body=b"x" * 500_000
            ),
            "buckets": lambda name: client("s3").create_bucket(Bucket=name),
            "roles": lambda name: client("iam").create_role(
                RoleName=name, AssumeRolePolicyDocument=TRUST
            ),
            "groups": lambda name: client("logs").create_log_group(logGroupName=name),
            "rules": lambda name: client("events").put_rule(
                Name=name, ScheduleExpression="rate(1 day)"
            ),
            "executions": lambda name: client("stepfunctions").start_execution(
                stateMachineArn=self.machine, name=name
            ),
            "stacks": lambda name: client("cloudformation").create_stack(
                StackName=name, TemplateBody=TEMPLATE
            ),
            "functions": lambda name: client("lambda").create_function(
                FunctionName=name,
                Runtime="python3.11",
                Role=ROLE,
                Handler="code.handle",
                Code={"ZipFile": zipped("def handle(event, context): return None\n")},
            ),
            "jobs": lambda name: client("glue").create_job(
                Name=name,
                Role=ROLE,
                Command={"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/fast.py"},
            ),
            "applications": lambda name: client("emr-serverless").create_application(
                name=name, releaseLabel="emr-7.12.0", type="SPARK"
            ),
            "runs": lambda name: self.start_run(name, "fast.py", client("emr-serverless")),
        }

    def start_run(self, name: str, script: str, emr: Any) -> Any:
        return emr.start_job_run(
            applicationId=self.application,
            name=name,
            executionRoleArn=ROLE,
            jobDriver={"sparkSubmit": {"entryPoint": f"s3://{BUCKET}/{script}"}},
        )

    def try_all(self, name: str) -> list[str]:
        """Makes each call once; the messages of those that were refused."""
        told = []
        for kind, call in self.calls().items():
            try:
                call(name)
                self.acknowledged[kind].add(name)
            except ClientError as error:
                assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 500
                self.refused[kind].add(name)
                told.append(error.response["Error"]["Message"])
        # What executions and stacks become by themselves is stored when it is read, at the latest.
        until(self._going_on, lambda found: not found, 60)
        return told

    def _going_on(self) -> list[str]:
        search = {"stateMachineArn": self.machine, "statusFilter": "RUNNING"}
        executions = self.stack.client("stepfunctions").list_executions(**search)["executions"]
        stacks = self.stack.client("cloudformation").describe_stacks()["Stacks"]
        unfinished = [s["StackName"] for s in stacks if s["StackStatus"].endswith("_IN_PROGRESS")]
        return [*(execution["name"] for execution in executions), *unfinished]

    def listed(self) -> dict[str, set[str]]:
        """What there is now, without what the fixture made."""
        client, own = self.stack.client, {BUCKET, "fast.py", "slow.py"}
        s3 = client("s3")
        emr = client("emr-serverless")
        found = {
            "objects": [o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET)["Contents"]],
            "buckets": [b["Name"] for b in s3.list_buckets()["Buckets"]],
            "roles": [r["RoleName"] for r in client("iam").list_roles()["Roles"]],
            "groups": [
                g["logGroupName"] for g in client("logs").describe_log_groups()["logGroups"]
            ],
            "rules": [r["Name"] for r in client("events").list_rules()["Rules"]],
            "executions": [
                e["name"]
                for e in client("stepfunctions").list_executions(stateMachineArn=self.machine)[
                    "executions"
                ]
            ],
            "stacks": [
                s["StackName"] for s in client("cloudformation").describe_stacks()["Stacks"]
            ],
            "functions": [
                f["FunctionName"] for f in client("lambda").list_functions()["Functions"]
            ],
            "jobs": client("glue").list_jobs()["JobNames"],
            "applications": [
                a["name"] for a in emr.list_applications()["applications"] if a.get("name")
            ],
            "runs": [
                r["name"]
                for r in emr.list_job_runs(applicationId=self.application)["jobRuns"]
                if r["name"] != "slow"
            ],
        }
        return {kind: set(names) - own for kind, names in found.items()}

    def _script(self, key: str, text: str) -> None:
        self.stack.client("s3").put_object(Bucket=BUCKET, Key=key, Body=text.encode())
