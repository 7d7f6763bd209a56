"""Which bodies of a REST API are binary: LocalStack passes over `*/*`, which stands for all.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
Mends localstack/services/apigateway/next_gen/execute_api/helpers.py.
"""

from __future__ import annotations

from typing import Any

from localstack.services.apigateway.next_gen.execute_api.handlers import (
    integration_request,
    integration_response,
)
from localstack.services.apigateway.next_gen.execute_api.integrations import aws
from localstack.utils.patch import Patch

ALL = "*/*"


def apply() -> None:
    for module in (integration_request, integration_response, aws):
        _patch_module(module)


def body_is_binary(context: Any) -> bool:
    """Whether the body of an API's request reaches its integration as bytes."""
    content_type = context.invocation_request["headers"].get("Content-Type")
    kinds = context.deployment.rest_api.rest_api.get("binaryMediaTypes", [])
    return bool(aws.mime_type_matches_binary_media_types(content_type, kinds))


def _patch_module(module: Any) -> None:
    one_of = module.mime_type_matches_binary_media_types

    def matches(mime_type: str | None, binary_media_types: list[str]) -> bool:
        return ALL in (binary_media_types or ()) or bool(one_of(mime_type, binary_media_types))

    Patch(module, "mime_type_matches_binary_media_types", matches).apply()
