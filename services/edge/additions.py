"""What is added to LocalStack's services when they are loaded: patches, integrations, quick doors.

Every module has an `apply`, which is called once, in this order.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module

from services.edge.service_loading import before_loading

PATCHES = "services.edge.patches"
MODULES = {
    "apigateway": (
        "services.edge.apigateway.door",
        f"{PATCHES}.apigateway.gateway",
        f"{PATCHES}.apigateway.lambda_calls",
        f"{PATCHES}.apigateway.lambda_proxy",
        f"{PATCHES}.apigateway.media_types",
        f"{PATCHES}.apigateway.integration_timeout",
        f"{PATCHES}.apigateway.throttling",
        f"{PATCHES}.apigateway.request_metrics",
    ),
    "cloudformation": (
        f"{PATCHES}.cloudformation.resource_types",
        "services.edge.cloudformation.neighbouring_types",
        f"{PATCHES}.cloudformation.intrinsics",
        f"{PATCHES}.cloudformation.announced_replacements",
        f"{PATCHES}.cloudformation.stored_plans",
    ),
    "cloudwatch": (f"{PATCHES}.cloudwatch",),
    "events": (
        f"{PATCHES}.events.schedules",
        f"{PATCHES}.events.targets",
        "services.edge.codepipeline.engine.event_target",
    ),
    "kms": (f"{PATCHES}.kms",),
    "lambda": (
        f"{PATCHES}.lambda_.concurrency",
        f"{PATCHES}.lambda_.invocation_metrics",
        f"{PATCHES}.lambda_.draining",
        f"{PATCHES}.lambda_.idle_timers",
        f"{PATCHES}.lambda_.credential_lifetimes",
        f"{PATCHES}.lambda_.log_batches",
        f"{PATCHES}.lambda_.function_urls",
        f"{PATCHES}.lambda_.payloads",
        f"{PATCHES}.lambda_.environment_variables",
        f"{PATCHES}.lambda_.queue_mappings",
    ),
    "s3": (
        f"{PATCHES}.s3.default_encryption",
        f"{PATCHES}.s3.bucket_owners",
        "services.edge.permissions.deletions",
        f"{PATCHES}.s3.upload_listings",
        f"{PATCHES}.s3.aws_chunked",
        f"{PATCHES}.s3.event_keys",
        f"{PATCHES}.s3.presigned_urls",
        "services.edge.s3.limits",
        "services.edge.s3.hot.door",
    ),
    "secretsmanager": (f"{PATCHES}.secretsmanager", f"{PATCHES}.secret_versions"),
    "sns": (f"{PATCHES}.sns",),
    "sqs": (f"{PATCHES}.sqs.query_urls", f"{PATCHES}.sqs.limits"),
    "ssm": (f"{PATCHES}.ssm",),
    "sts": ("services.edge.permissions.sts",),
    "stepfunctions": (
        f"{PATCHES}.stepfunctions.integrations",
        f"{PATCHES}.stepfunctions.execution_logs",
        f"{PATCHES}.stepfunctions.execution_metrics",
        f"{PATCHES}.stepfunctions.texts",
        f"{PATCHES}.stepfunctions.parsing",
        f"{PATCHES}.stepfunctions.errors",
        f"{PATCHES}.stepfunctions.context",
        f"{PATCHES}.stepfunctions.distributed_maps",
        f"{PATCHES}.stepfunctions.waits",
        f"{PATCHES}.stepfunctions.requests",
        f"{PATCHES}.stepfunctions.map_runs",
    ),
}


def register() -> None:
    for service, modules in MODULES.items():
        for module in modules:
            before_loading(service, partial(_apply, module))


def _apply(module: str) -> None:
    import_module(module).apply()
