"""Where the deployed stack is reached, from its outputs."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError


class NotDeployedError(Exception):
    """There is no deployed stack to ask."""


def stack_outputs(cloudformation: Any, stack_name: str) -> dict[str, str]:
    """The outputs by their keys; a stack that is only planned has none, and is not deployed."""
    try:
        stack = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        stack = {}
    if not stack.get("Outputs"):
        raise NotDeployedError(f"Stack {stack_name} is not deployed: run `lake deploy` first")
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def state_machine_arn(cloudformation: Any, stack_name: str) -> str:
    return stack_outputs(cloudformation, stack_name)["StateMachineArn"]


def webhook_url(cloudformation: Any, stack_name: str, endpoint_url: str | None) -> str:
    """The URL that Calendly posts to; `endpoint_url` is the edge's, or None on AWS."""
    outputs = stack_outputs(cloudformation, stack_name)
    if endpoint_url is None:
        return outputs["WebhookUrl"]
    return f"{endpoint_url}/_aws/execute-api/{outputs['RestApiId']}/prod/webhook"
