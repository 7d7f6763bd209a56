"""KMS's calls as actions on keys, whatever a request names a key by.

https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from localstack.services.kms.models import deserialize_ciphertext_blob, kms_stores

from services.edge.permissions.actions.needs import Known, Need, Parameters, Place, key

ALIAS = "alias/"
# Calls on an alias need to be allowed on it and, but for its deletion, on the key.
OF_ALIASES = ("CreateAlias", "UpdateAlias", "DeleteAlias")


def needs(operation: str, request: Parameters, place: Place) -> Iterator[Need]:
    if operation == "ReEncrypt":
        source = request.get("SourceKeyId") or _encrypted_by(request)
        before = _encryption(request.get("SourceEncryptionContext"))
        after = _encryption(request.get("DestinationEncryptionContext"))
        yield Need("kms:ReEncryptFrom", key_arn(source, place), before)
        yield Need("kms:ReEncryptTo", key_arn(request.get("DestinationKeyId"), place), after)
        return
    action, named = f"kms:{operation}", request.get("TargetKeyId") or request.get("KeyId")
    if operation in OF_ALIASES:
        yield Need(action, place.arn("kms", str(request["AliasName"])))
    named = named or _encrypted_by(request)
    if named or operation not in OF_ALIASES:
        context = _encryption(request.get("EncryptionContext"))
        yield Need(action, key_arn(named, place) if named else "*", context)


def key_arn(named: Any, place: Place) -> str:
    """Of the key that an id, an ARN or an alias means; "*" where it is not known."""
    text = str(named or "")
    parts = text.split(":", 5)
    if len(parts) == 6:
        place, text = Place(parts[1], parts[3], parts[4]), parts[5].removeprefix("key/")
    store = kms_stores[place.account][place.region]
    if text.startswith(ALIAS):
        alias = store.aliases.get(text)
        text = str(alias.metadata["TargetKeyId"]) if alias is not None else ""
    return place.arn("kms", f"key/{text}") if text in store.keys else "*"


def _encrypted_by(request: Parameters) -> str | None:
    """A symmetric key's name is in what it has encrypted."""
    blob = request.get("CiphertextBlob")
    if not isinstance(blob, bytes):
        return None
    try:
        return str(deserialize_ciphertext_blob(blob).key_id)
    except (struct.error, UnicodeDecodeError):
        return None


def _encryption(context: Any) -> Known:
    """https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"""
    pairs = dict(context or {})
    return {
        **{f"kms:encryptioncontext:{name.lower()}": (value,) for name, value in pairs.items()},
        **key("kms:encryptioncontextkeys", pairs),
    }
