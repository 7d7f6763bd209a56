"""KMS does what it says: keys that are due go or rotate, and what is only pretended is refused.

LocalStack (services/kms/provider.py, models.py) never deletes or rotates a key by itself, and
encrypts with AES whatever the key is: who has an RSA key's public half could decrypt nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from localstack.aws.api.kms import CreateKeyRequest, UnsupportedOperationException
from localstack.services.kms.models import KmsCryptoKey, kms_stores
from localstack.services.kms.provider import KmsProvider
from localstack.utils.patch import patch

from services.edge.aws import due
from services.edge.served_calls.gate import not_implemented
from services.edge.service_state.stores import regional_stores

SYMMETRIC = "SYMMETRIC_DEFAULT"


def apply() -> None:
    due.before_calls("kms", _settle_all)

    @patch(KmsProvider.create_key)
    def create_key(create: Any, self: Any, context: Any, request: CreateKeyRequest) -> Any:
        spec = request.get("KeySpec") or request.get("CustomerMasterKeySpec") or SYMMETRIC
        encrypts = request.get("KeyUsage", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"
        if spec.startswith("RSA") and encrypts:
            raise not_implemented("kms", f"CreateKey with {spec} for encryption")
        if (origin := request.get("Origin", "AWS_KMS")) != "AWS_KMS":
            raise not_implemented("kms", f"CreateKey with Origin {origin}")
        return create(self, context, request)

    @patch(KmsProvider.enable_key_rotation)
    def enable_key_rotation(enable: Any, self: Any, context: Any, request: Any) -> None:
        key = self._get_kms_key(context.account_id, context.region, request.get("KeyId"))
        if key.metadata["KeySpec"] != SYMMETRIC:
            raise UnsupportedOperationException()
        enable(self, context, request)

    for method in (KmsProvider.encrypt, KmsProvider.decrypt):
        _tell_algorithm(method)


def _tell_algorithm(method: Any) -> None:
    """The default one too, which LocalStack leaves out."""

    @patch(method)
    def answer(original: Any, self: Any, *given: Any, **named: Any) -> Any:
        made = original(self, *given, **named)
        return {**made, "EncryptionAlgorithm": made.get("EncryptionAlgorithm") or SYMMETRIC}


def _settle_all(now: datetime) -> None:
    for store in regional_stores(kms_stores):
        settle(store, now)


def settle(store: Any, now: datetime) -> None:
    """Keys whose waiting period is over go with their aliases; those that are due get material."""
    for key_id, key in list(store.keys.items()):
        state = key.metadata["KeyState"]
        if state == "PendingDeletion" and _passed(key.metadata["DeletionDate"], now):
            del store.keys[key_id]
            for name, alias in list(store.aliases.items()):
                if alias.metadata["TargetKeyId"] == key_id:
                    del store.aliases[name]
        elif state == "Enabled" and key.is_key_rotation_enabled:
            while _passed(key.next_rotation_date, now):
                key.previous_keys.append(key.crypto_key.key_material)
                key.crypto_key = KmsCryptoKey(SYMMETRIC)
                key.next_rotation_date += timedelta(days=key.rotation_period_in_days)


def _passed(moment: datetime | None, now: datetime) -> bool:
    """LocalStack's times are local ones without their zone."""
    return moment is not None and moment.astimezone(UTC) <= now
