"""Which environment variables a Lambda function may bring: not those that Lambda itself sets.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
Extends LambdaProvider._verify_env_variables in localstack/services/lambda_/provider.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from localstack.aws.api.lambda_ import InvalidParameterValueException
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.patch import patch

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


def apply() -> None:
    @patch(LambdaProvider._verify_env_variables)
    def verify(verify: Any, _self: Any, env_vars: dict[str, str]) -> None:
        check(env_vars)
        verify(env_vars)


def check(names: Iterable[str]) -> None:
    """Raises AWS's error for reserved names and for names that are none."""
    if reserved := sorted(RESERVED.intersection(names)):
        raise InvalidParameterValueException(
            "Lambda was unable to configure your environment variables because the environment"
            " variables you have provided contains reserved keys that are currently not supported"
            f" for modification. Reserved keys used in this request: {', '.join(reserved)}",
            Type="User",
        )
    if wrong := [name for name in names if not NAME.fullmatch(name)]:
        raise InvalidParameterValueException(
            f"1 validation error detected: Value at 'environment.variables' failed to satisfy"
            f" constraint: Map keys must satisfy constraint: [Member must satisfy regular"
            f" expression pattern: {NAME.pattern}]; found {', '.join(map(repr, wrong))}",
            Type="User",
        )
