"""A SecureString is encrypted by KMS, and a value is checked before it becomes a version.

moto (ssm/models.py) puts `kms:alias/aws/ssm:` before the plain text and calls that encrypted, and
knows neither AllowedPattern nor the sizes of the tiers.
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
"""

from __future__ import annotations

import base64
import inspect
import re
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.services.ssm.provider import SsmProvider
from localstack.utils.patch import Patch, patch
from moto.ssm.models import Parameter, SimpleSystemManagerBackend
from moto.ssm.utils import parameter_arn

from services.edge.aws.errors import AwsError

OWN_KEY = "alias/aws/ssm"
LARGEST = {"Standard": 4096, "Advanced": 8192, "Intelligent-Tiering": 8192}
TOO_LARGE = (
    "Standard tier parameters support a maximum parameter value of 4096 characters. To create a"
    " larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more"
    " information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "parameter-store-advanced-parameters.html"
)


def apply() -> None:
    Patch(Parameter, "encrypt", lambda _self, value: value).apply()  # `put_parameter` did it
    Patch(Parameter, "decrypt", _decrypted).apply()

    signature = inspect.signature(SimpleSystemManagerBackend.put_parameter)

    @patch(SimpleSystemManagerBackend.put_parameter)
    def put_parameter(put: Any, self: Any, *given: Any, **named: Any) -> Any:
        asked = dict(signature.bind(self, *given, **named).arguments)
        del asked["self"]
        # moto's dictionary makes what it is asked for, but not by `get`.
        versions = self._parameters.get(self._parameters.normalize_name(asked["name"]))
        before = versions[-1] if versions else None
        asked["tier"] = asked["tier"] or (before.tier if before else None) or "Standard"
        kind = asked["parameter_type"] or (before.parameter_type if before else None)
        _check(asked, before)
        if asked["keyid"] and kind != "SecureString":
            raise AwsError("ValidationException", "KeyId is only for a SecureString.")
        if kind == "SecureString" and asked["value"] and (before is None or asked["overwrite"]):
            asked["keyid"] = asked["keyid"] or (before.keyid if before else None) or OWN_KEY
            asked["value"] = _encrypted(self, asked["name"], asked["keyid"], asked["value"])
        made = put(self, **asked)
        made.region = self.region_name
        return made

    @patch(SsmProvider.get_parameters)
    def get_parameters(
        get: Any, self: Any, context: Any, names: Any, *more: Any, **rest: Any
    ) -> Any:
        """With the names that were asked for, whether they are found or not."""
        found, asked = get(self, context, names, *more, **rest), {n.strip("/"): n for n in names}
        missing = found.get("InvalidParameters") or []
        parameters = [
            {**one, "Name": asked.get(one["Name"].strip("/"), one["Name"])}
            for one in found.get("Parameters") or []
        ]
        told = [asked.get(name.strip("/"), name) for name in missing]
        return {**found, "Parameters": parameters, "InvalidParameters": told}


def _check(asked: dict[str, Any], before: Any) -> None:
    value = asked["value"]
    if len(value) > LARGEST[asked["tier"]]:
        told = TOO_LARGE if asked["tier"] == "Standard" else "The value is over 8192 characters."
        raise AwsError("ValidationException", told)
    pattern = asked["allowed_pattern"] or (before.allowed_pattern if before else None)
    if not pattern:
        return
    try:
        fits = re.search(pattern, value)
    except re.error as error:
        raise AwsError("InvalidAllowedPatternException", f"{pattern}: {error}") from error
    if not fits:
        told = f"Parameter value, cannot be validated against allowedPattern: {pattern}"
        raise AwsError("ParameterPatternMismatchException", told)


def _encrypted(backend: Any, name: str, key: str, value: str) -> str:
    arn = parameter_arn(backend.account_id, backend.region_name, name)
    kms = connect_to(aws_access_key_id=backend.account_id, region_name=backend.region_name).kms
    try:
        made = kms.encrypt(
            KeyId=key, Plaintext=value.encode(), EncryptionContext={"PARAMETER_ARN": arn}
        )
    except ClientError as error:
        raise AwsError("InvalidKeyId", error.response["Error"]["Message"]) from error
    return base64.b64encode(made["CiphertextBlob"]).decode()


def _decrypted(self: Any, value: str) -> str:
    """A parameter that stands for a secret of Secrets Manager is not encrypted here."""
    if self.parameter_type != "SecureString" or self.source_result:
        return value
    kms = connect_to(aws_access_key_id=self.account_id, region_name=self.region).kms
    context = {"PARAMETER_ARN": parameter_arn(self.account_id, self.region, self.name)}
    try:
        blob = base64.b64decode(value)
        return str(kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"], "utf8")
    except ClientError as error:
        raise AwsError("InvalidKeyId", error.response["Error"]["Message"]) from error
