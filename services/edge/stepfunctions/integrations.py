"""This project's integrations of state machines, by the service in the resource's ARN."""

from __future__ import annotations

from typing import Any


def own() -> dict[str, Any]:
    from services.edge.stepfunctions.athena import AthenaIntegration
    from services.edge.stepfunctions.aws_sdk import AwsSdkIntegration
    from services.edge.stepfunctions.emr_serverless import EmrServerlessIntegration
    from services.edge.stepfunctions.glue import GlueIntegration

    return {
        "athena": AthenaIntegration,
        "aws-sdk": AwsSdkIntegration,
        "emr-serverless": EmrServerlessIntegration,
        "glue": GlueIntegration,
    }
