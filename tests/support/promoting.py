"""`lake promote` as somebody runs it, against an account of its own on a test's endpoint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lake.settings import ROOT
from tests.support.process_stack import LAKE

ACCOUNT, OTHER, PREFIX = "123456789012", "210987654321", "acme-lake"
DATA = [f"{PREFIX}-{layer}-bucket" for layer in ("bronze", "gold", "silver")]
ENDED = 9
ENDING = f"""
import os, sys
from pathlib import Path
from aws_bootstrap.promotion import carry_out
from lake import promotions
from lake.settings import Settings

whole, last = carry_out.carry_out, sys.argv[2]
carry_out.carry_out = lambda *given: whole(
    *given, done=lambda step: os._exit({ENDED}) if step == last else None
)
promotions.applied(Settings.from_env(), Path(sys.argv[1]), None)
"""


@dataclass
class Console:
    """Runs `lake promote` as somebody with credentials of an account of the second endpoint."""

    url: str
    folder: Path

    def environment(self, account: str, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "MODE": "embedded",
            "SOURCE_REPOSITORY_URL": f"{self.url}/_git/{PREFIX}/code.git",
            "SOURCE_CONNECTION_ARN": f"arn:aws:codeconnections:us-east-1:{ACCOUNT}:connection/c",
            **more,
        }

    def promote(self, *arguments: str, account: str = ACCOUNT, **more: str) -> Any:
        return self.lake("promote", *arguments, account=account, **more)

    def keys(self, *arguments: str, stdin: str = "") -> Any:
        return self.lake("keys", *arguments, "--aws", "--prefix", PREFIX, stdin=stdin)

    def lake(self, *arguments: str, account: str = ACCOUNT, stdin: str = "", **more: str) -> Any:
        return subprocess.run(
            [LAKE, *arguments],
            env=self.environment(account, **more),
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def plan(self, name: str, **more: Any) -> Any:
        return self.promote("plan", "--prefix", PREFIX, "--out", str(self.folder / name), **more)

    def apply(self, name: str, **more: Any) -> Any:
        return self.promote("apply", str(self.folder / name), **more)

    def document(self, name: str) -> dict[str, Any]:
        return dict(json.loads((self.folder / name).read_text()))

    def apply_until(self, name: str, step: str) -> int:
        """The exit code of an apply whose process ends right after the step."""
        return subprocess.run(
            [sys.executable, "-c", ENDING, str(self.folder / name), step],
            env=self.environment(ACCOUNT),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            timeout=300,
            check=False,
        ).returncode


def stack_status(stacks: Any) -> str | None:
    try:
        return str(stacks.describe_stacks(StackName=PREFIX)["Stacks"][0]["StackStatus"])
    except stacks.exceptions.ClientError:
        return None


def buckets_of(s3: Any) -> list[str]:
    return sorted(b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith(PREFIX))


def change_by_hand(processes: Any) -> None:
    """As somebody does it in the console of AWS: properties of six resources."""

    def client(service: str) -> Any:
        return processes.client(service, account=ACCOUNT)

    hook, group = f"{PREFIX}-calendly-webhook-ingestion", f"/aws/lambda/{PREFIX}-update-functions"
    functions, states = client("lambda"), client("stepfunctions")
    settings = functions.get_function_configuration(FunctionName=hook)["Environment"]["Variables"]
    settings |= {"SIGNING_KEYS_SECRET": "another-key", "DEBUG": "1"}
    functions.update_function_configuration(FunctionName=hook, Environment={"Variables": settings})
    client("logs").delete_retention_policy(logGroupName=group)
    client("s3").put_bucket_versioning(
        Bucket=f"{PREFIX}-code-bucket", VersioningConfiguration={"Status": "Suspended"}
    )
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    client("iam").put_role_policy(
        RoleName=f"{PREFIX}-schedule-role",
        PolicyName="more",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )
    client("glue").delete_crawler(Name=f"{PREFIX}-gold-crawler")
    machine = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    definition = states.describe_state_machine(stateMachineArn=machine)["definition"]
    changed = definition.replace('"IntervalSeconds": 10', '"IntervalSeconds": 11')
    states.update_state_machine(stateMachineArn=machine, definition=changed)


def update_by_hand(stacks: Any) -> None:
    stacks.update_stack(
        StackName=PREFIX,
        UsePreviousTemplate=True,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[
            {"ParameterKey": "ScheduleState", "ParameterValue": "DISABLED"},
            *(
                {"ParameterKey": name, "UsePreviousValue": True}
                for name in (
                    p["ParameterKey"]
                    for p in stacks.describe_stacks(StackName=PREFIX)["Stacks"][0]["Parameters"]
                )
                if name != "ScheduleState"
            ),
        ],
    )
    stacks.get_waiter("stack_update_complete").wait(
        StackName=PREFIX, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
