"""Errors of moto as the service's own: LocalStack answers those that a provider lets through with
InternalError and status 500 (aws/handlers/service.py), which clients try again.
"""

from __future__ import annotations

import sys
from typing import Any

from localstack.aws.handlers.service import ServiceExceptionSerializer
from localstack.utils.patch import patch

from services.edge.aws.errors import AwsError


def apply() -> None:
    @patch(ServiceExceptionSerializer.create_exception_response)
    def create_exception_response(
        create: Any, self: Any, exception: Exception, context: Any
    ) -> Any:
        if is_of_moto(exception):
            exception = context.service_exception = of_service(exception)
        return create(self, exception, context)


def is_of_moto(exception: Exception) -> bool:
    """Without loading moto, which most starts do not need: what is not loaded raises nothing."""
    loaded = sys.modules.get("moto.core.exceptions")
    return loaded is not None and isinstance(exception, loaded.RESTError)


def of_service(exception: Any) -> AwsError:
    """Services that speak JSON tell every error of the caller's with status 400."""
    is_json = isinstance(exception, sys.modules["moto.core.exceptions"].JsonRESTError)
    status = 400 if is_json and exception.code < 500 else exception.code
    return AwsError(exception.error_type, exception.message, status_code=status)
