"""Where the deployed stack is reached, from its outputs."""

from __future__ import annotations

from typing import Any

from aws_bootstrap import plan
from aws_bootstrap.target import STACK


class NotDeployedError(Exception):
    """There is no deployed stack to ask."""


def stack_outputs(cloudformation: Any) -> dict[str, str]:
    stack = plan.existing(cloudformation)
    if stack is None or not stack.get("Outputs"):
        raise NotDeployedError(f"Stack {STACK} is not deployed: run `lake deploy` first")
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def webhook_url(cloudformation: Any, endpoint_url: str | None) -> str:
    """The URL that Calendly posts to; `endpoint_url` is the edge's, or None on AWS."""
    outputs = stack_outputs(cloudformation)
    if endpoint_url is None:
        return outputs["WebhookUrl"]
    return f"{endpoint_url}/_aws/execute-api/{outputs['RestApiId']}/prod/webhook"
