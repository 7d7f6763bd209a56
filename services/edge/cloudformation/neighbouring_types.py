"""The operations of the resource types of secrets, parameters and keys, put in LocalStack's place.

LocalStack's own drop properties and cannot update; a type's module says how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localstack.services.kms.resource_providers.aws_kms_alias import KMSAliasProvider
from localstack.services.kms.resource_providers.aws_kms_key import KMSKeyProvider
from localstack.services.secretsmanager.resource_providers.aws_secretsmanager_secret import (
    SecretsManagerSecretProvider,
)
from localstack.services.ssm.resource_providers.aws_ssm_parameter import SSMParameterProvider

from services.edge.cloudformation import kms_key, secret, ssm_parameter

OPERATIONS: dict[Any, dict[str, Callable[..., Any]]] = {
    KMSAliasProvider: {"update": kms_key.update_alias},
    KMSKeyProvider: {
        "create": kms_key.create,
        "update": kms_key.update,
        "delete": kms_key.delete,
    },
    SecretsManagerSecretProvider: {"create": secret.create, "update": secret.update},
    SSMParameterProvider: {"create": ssm_parameter.create, "update": ssm_parameter.update},
}


def apply() -> None:
    for provider, operations in OPERATIONS.items():
        for name, operation in operations.items():
            setattr(provider, name, operation)
