"""Buckets, Delta tables and a state machine on an edge, made from literal rows."""

from __future__ import annotations

import json
import time
from typing import Any

import boto3
import pyarrow as pa
from deltalake import write_deltalake

BRONZE, SILVER, GOLD = (f"project6-{layer}-bucket" for layer in ("bronze", "silver", "gold"))
TEXT, DAY, TIME = pa.string(), pa.date32(), pa.timestamp("us", "UTC")
SCHEMAS = {
    "gold_booking_metrics": (
        GOLD,
        [
            ("booking_date", DAY),
            ("channel", TEXT),
            ("booking_hour", TIME),
            ("booking_week", pa.int32()),
            ("total_bookings", pa.int32()),
            ("total_spend", pa.float64()),
            ("cost_per_booking", pa.float64()),
        ],
    ),
    "gold_cpb_by_channel": (
        GOLD,
        [
            ("channel", TEXT),
            ("total_bookings_count", pa.int64()),
            ("total_spend", pa.float64()),
            ("cpb", pa.float64()),
        ],
    ),
    "fact_bookings": (
        SILVER,
        [
            ("event_date", DAY),
            ("invitee_id", TEXT),
            ("booking_date", DAY),
            ("channel", TEXT),
            ("employee_email", TEXT),
            ("event_start_time", TIME),
            ("employee_ids", pa.list_(TEXT)),
            ("scheduled_event_id", TEXT),
            ("status", TEXT),
            ("rescheduled", pa.bool_()),
            ("event", TEXT),
            ("event_created_at", TIME),
            ("bronze_key", TEXT),
        ],
    ),
    "fact_events": (
        SILVER,
        [
            ("data_payload_scheduled_event_event_memberships_user", TEXT),
            ("data_payload_scheduled_event_event_memberships_user_name", TEXT),
        ],
    ),
    "rejected_events": (
        SILVER,
        [("bronze_key", TEXT), ("reasons", pa.list_(TEXT)), ("raw", TEXT), ("run", TEXT)],
    ),
    "rejected_marketing": (
        SILVER,
        [
            ("bronze_key", TEXT),
            ("row_number", pa.int32()),
            ("reasons", pa.list_(TEXT)),
            ("raw", TEXT),
            ("run", TEXT),
        ],
    ),
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


class Activity:
    """A state that runs until it is told that its work is done."""

    def __init__(self, states: Any, name: str) -> None:
        self._states = states
        self.arn = states.create_activity(name=name)["activityArn"]

    def succeed(self) -> None:
        token = self._states.get_activity_task(activityArn=self.arn)["taskToken"]
        self._states.send_task_success(taskToken=token, output="{}")


class LiteralLake:
    def __init__(self, url: str, account: str = "test") -> None:
        self._url, self._account = url, account
        self.s3 = self._client("s3")
        self._cloudformation = self._client("cloudformation")
        self._states = self._client("stepfunctions")

    def make_buckets(self) -> None:
        for bucket in (BRONZE, SILVER, GOLD):
            self.s3.create_bucket(Bucket=bucket)

    def write(self, table: str, rows: list[tuple]) -> None:
        """Replace the table's rows; the tuples have the columns of its schema, in order."""
        bucket, fields = SCHEMAS[table]
        schema = pa.schema(fields)
        dicts = [dict(zip(schema.names, row, strict=True)) for row in rows]
        self.write_rows(bucket, table, pa.Table.from_pylist(dicts, schema))

    def write_rows(self, bucket: str, table: str, rows: pa.Table) -> None:
        """Replace the table's rows and columns."""
        write_deltalake(
            f"s3://{bucket}/{table}",
            rows,
            mode="overwrite",
            schema_mode="overwrite",
            storage_options={
                "AWS_ENDPOINT_URL": self._url,
                "AWS_ALLOW_HTTP": "true",
                "AWS_ACCESS_KEY_ID": self._account,
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_REGION": "us-east-1",
            },
        )

    def quarantine(self, *names: str) -> None:
        for name in names:
            self.s3.put_object(Bucket=BRONZE, Key=f"quarantine/{name}", Body=b"not JSON")

    def put(self, key: str, document: dict[str, Any]) -> None:
        self.s3.put_object(Bucket=BRONZE, Key=key, Body=json.dumps(document).encode())

    def deploy(self, state_machine: dict[str, Any]) -> None:
        machine = {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "DefinitionString": json.dumps(state_machine),
        }
        template = {
            "Resources": {
                "Role": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {"AssumeRolePolicyDocument": TRUST},
                },
                "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine},
            },
            "Outputs": {"StateMachineArn": {"Value": {"Ref": "Machine"}}},
        }
        self._cloudformation.create_stack(
            StackName="project6",
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_IAM"],
        )
        self._wait("stack_create_complete")

    def activity(self, name: str) -> Activity:
        return Activity(self._states, name)

    def executions(self) -> list[dict[str, Any]]:
        return self._states.list_executions(stateMachineArn=self._machine_arn())["executions"]

    def run(self) -> str:
        """Run the deployed state machine to its end; the execution's name."""
        started = self._states.start_execution(stateMachineArn=self._machine_arn())
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = self._states.describe_execution(executionArn=started["executionArn"])
            if found["status"] != "RUNNING":
                return str(found["name"])
            time.sleep(0.1)
        raise TimeoutError("the state machine has not ended within 30 s")

    def _machine_arn(self) -> str:
        stack = self._cloudformation.describe_stacks(StackName="project6")["Stacks"][0]
        return str(stack["Outputs"][0]["OutputValue"])

    def clear(self) -> None:
        self._cloudformation.delete_stack(StackName="project6")
        self._wait("stack_delete_complete")
        for bucket in self.s3.list_buckets()["Buckets"]:
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"])
            for page in pages:
                for entry in page.get("Contents", []):
                    self.s3.delete_object(Bucket=bucket["Name"], Key=entry["Key"])
            self.s3.delete_bucket(Bucket=bucket["Name"])

    def _wait(self, condition: str) -> None:
        waiter = self._cloudformation.get_waiter(condition)
        waiter.wait(StackName="project6", WaiterConfig={"Delay": 1, "MaxAttempts": 60})

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self._url,
            region_name="us-east-1",
            aws_access_key_id=self._account,
            aws_secret_access_key="test",
        )
