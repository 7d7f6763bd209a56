"""One Calendly delivery (REST proxy event, version 1) in, one bronze object per distinct body out.

The answer's header `x-lakehouse-outcome` is `stored`, `repeated` (the body was stored before) or
`quarantined`; Calendly ignores it, a replay counts by it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import logging
import os
import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NoReturn

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

SIGNATURE_HEADER = "calendly-webhook-signature"
MAX_BODY_BYTES = 1024 * 1024
BODY_NAMESPACE = uuid.UUID("4b1f6d0e-5c55-5d0f-8f0c-6c3a2f0f7b16")
TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
CONFLICT_WAITS = (0.05, 0.1, 0.2, 0.4)
# So long the keys are kept; and so often, at most, a signature that none fits lets them be read.
KEPT_SECONDS, AGAIN_SECONDS = 300.0, 5.0
TIMEOUTS = {"s3": (2.0, 4.0), "secretsmanager": (0.5, 1.0)}
SESSION: Any = boto3.session.Session()  # one for both clients: a second costs a cold start 50 ms
THROTTLED = ("ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded")


class ConfigurationError(Exception):
    """Environment or signing keys are not usable; the delivery must be retried later."""


class RefusedError(Exception):
    """The request is answered with this status and message, and nothing is stored."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Settings:
    """`keys_secret` names the secret that holds the signing keys."""

    bronze_bucket: str
    keys_secret: str
    require_signature: bool
    tolerance_seconds: int

    @classmethod
    def from_env(cls) -> Settings:
        bucket = os.environ.get("BRONZE_BUCKET", "")
        required = os.environ.get("REQUIRE_SIGNATURE", "false").lower()
        tolerance = os.environ.get("SIGNATURE_TOLERANCE_SECONDS", "90000")
        secret = os.environ.get("SIGNING_KEYS_SECRET", "")
        if not bucket:
            raise ConfigurationError("Expected BRONZE_BUCKET to name a bucket, found nothing")
        if not secret:
            raise ConfigurationError("Expected SIGNING_KEYS_SECRET to name a secret, found nothing")
        if required not in ("true", "false"):
            raise ConfigurationError(f"Expected REQUIRE_SIGNATURE true or false: {required!r}")
        if not re.fullmatch("[0-9]{1,9}", tolerance):
            raise ConfigurationError(f"Expected SIGNATURE_TOLERANCE_SECONDS a number: {tolerance}")
        return cls(bucket, secret, required == "true", int(tolerance))


class SigningKeys:
    """The secret's keys, all valid at once, so that one can be rotated; kept between deliveries."""

    def __init__(self) -> None:
        self._keys: tuple[str, ...] = ()
        self._read_at = self._asked_at = 0.0

    def current(self, secret: str, now: float, seconds: float = KEPT_SECONDS) -> tuple[str, ...]:
        """At most `seconds` old, and older only while Secrets Manager does not answer."""
        waits = AGAIN_SECONDS if self._asked_at > self._read_at else seconds
        if not self._keys or not 0 <= now - self._asked_at < waits:
            self._asked_at = now
            try:
                found = client("secretsmanager").get_secret_value(SecretId=secret)
                self._keys = ()  # what does not read as keys leaves none
                self._keys, self._read_at = keys_of(found.get("SecretString")), now
            except (ClientError, BotoCoreError) as error:
                self._keep_or_raise(error)
        return self._keys

    def _keep_or_raise(self, error: ClientError | BotoCoreError) -> None:
        answer = error.response if isinstance(error, ClientError) else {}
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        code = answer.get("Error", {}).get("Code") or type(error).__name__
        LOG.error("the signing keys cannot be read: %s", error)
        if not self._keys or (status < 500 and code not in THROTTLED):
            self._keys = ()  # an answer counts, whatever it is
            raise ConfigurationError(f"Expected signing keys in Secrets Manager, found {code}")


KEYS = SigningKeys()


def keys_of(value: str | None) -> tuple[str, ...]:
    """Keys stand as text with commas between them; none may be taken for one by mistake."""
    keys = tuple(key.strip() for key in (value or "").split(",") if key.strip())
    if not keys:
        raise ConfigurationError("Expected signing keys in the secret, found none")
    if keys[0][0] in '{["':
        raise ConfigurationError("Expected the secret's signing keys as plain text, found JSON")
    return keys


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001
    """The proxy answer; a failure of ours is a 500, which Calendly delivers again."""
    try:
        check_route(event)
        raw = body_bytes(event)
        settings = Settings.from_env()
        check_signature(signature_of(event), raw, settings, time.time())
        return ingest(raw, settings.bronze_bucket, datetime.now(UTC))
    except RefusedError as refusal:
        LOG.warning("refused with %d: %s", refusal.status, refusal)
        return answer(refusal.status, {"message": str(refusal)})
    except ConfigurationError as error:
        LOG.error("configuration: %s", error)
        return answer(500, {"message": f"The webhook is not configured: {error}"})
    except (ClientError, BotoCoreError) as error:
        LOG.error("S3: %s", error)
        return answer(500, {"message": f"The webhook could not be stored: {type(error).__name__}"})


def check_route(event: dict[str, Any]) -> None:
    path = event.get("path") or event.get("resource") or "/webhook"
    if path.rstrip("/").rpartition("/")[2] != "webhook":
        raise RefusedError(404, f"Expected /webhook, found {path}")
    method = event.get("httpMethod") or "POST"
    if method != "POST":
        raise RefusedError(405, f"Expected POST, found {method}")


def body_bytes(event: dict[str, Any]) -> bytes:
    """The body as it was sent, which is what the signature is over."""
    body = event.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise RefusedError(400, f"Expected the body as text, found {type(body).__name__}")
    if event.get("isBase64Encoded"):
        try:
            raw = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError) as error:
            raise RefusedError(400, f"Expected a base64 body: {error}") from error
    else:
        raw = body.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BODY_BYTES:
        raise RefusedError(413, f"Expected at most {MAX_BODY_BYTES} bytes, found {len(raw)}")
    return raw


def signature_of(event: dict[str, Any]) -> str | None:
    """The signature header, however the sender spelled its name."""
    for name, value in (event.get("headers") or {}).items():
        if name.lower() == SIGNATURE_HEADER and value is not None:
            return str(value)
    return None


def check_signature(header: str | None, raw: bytes, settings: Settings, now: float) -> None:
    """Raise unless `t=<unix>,v1=<hex hmac-sha256 of "t.rawbody">` is of a known key and fresh."""
    if header is None:
        if settings.require_signature:
            raise RefusedError(401, "Expected a Calendly-Webhook-Signature header, found none")
        return
    pairs = [part.strip().partition("=") for part in header.split(",")]
    sent_at = next((value for name, _, value in pairs if name == "t"), "")
    found = [value.encode("utf-8", "replace") for name, _, value in pairs if name == "v1"]
    if not found or not re.fullmatch("[0-9]{1,12}", sent_at):
        raise RefusedError(401, "Expected a signature of the form t=<unix seconds>,v1=<hex>")
    if abs(now - int(sent_at)) > settings.tolerance_seconds:
        raise RefusedError(401, f"The signature's time is over {settings.tolerance_seconds} s away")
    signed, secret = sent_at.encode() + b"." + raw, settings.keys_secret
    # Where none fits, the key may be one that was added since they were read.
    if not (
        fits(found, signed, KEYS.current(secret, now))
        or fits(found, signed, KEYS.current(secret, now, AGAIN_SECONDS))
    ):
        raise RefusedError(401, "The signature does not fit the body")


def fits(found: list[bytes], signed: bytes, keys: tuple[str, ...]) -> bool:
    expected = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest().encode() for key in keys]
    # A list, not a generator: every comparison is made, so time tells nothing about which key.
    return any([hmac.compare_digest(one, other) for one in expected for other in found])


def ingest(raw: bytes, bucket: str, now: datetime) -> dict[str, Any]:
    """Store the body once, below its event date or, where it is no JSON object, in quarantine."""
    name = body_uuid(raw)
    try:
        envelope = parsed_object(raw)
    # ValueError: UnicodeDecodeError, JSONDecodeError, numbers of more than 4,300 digits.
    except (ValueError, RecursionError) as error:
        key = f"quarantine/{name}"
        stored = put_once(bucket, key, raw, "application/octet-stream")
        LOG.warning("quarantined %d bytes as %s: %s", len(raw), key, type(error).__name__)
        return answer(
            200,
            {"message": "Webhook quarantined", "s3_key": key},
            outcome="quarantined" if stored else "repeated",
        )
    key = f"events/event_date={event_date(envelope)}/{name}.json"
    stored = put_once(bucket, key, bronze_object(raw, now), "application/json")
    LOG.info("%s %s, %d bytes", "stored" if stored else "repeated", key, len(raw))
    return answer(
        200,
        {"message": "Webhook ingested successfully", "s3_key": key},
        outcome="stored" if stored else "repeated",
    )


def body_uuid(raw: bytes) -> uuid.UUID:
    """The name-based UUID (version 5) of the bytes; `uuid.uuid5` takes only text before 3.12."""
    digest = hashlib.sha1(BODY_NAMESPACE.bytes + raw, usedforsecurity=False).digest()
    return uuid.UUID(bytes=digest[:16], version=5)


def parsed_object(raw: bytes) -> dict[str, Any]:
    value = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    if not isinstance(value, dict):
        raise ValueError(f"Expected a JSON object, found {type(value).__name__}")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Expected a JSON number, found {name}")


def event_date(envelope: dict[str, Any]) -> str:
    """The UTC date of the envelope's created_at, or `unknown`."""
    created_at = envelope.get("created_at")
    if not isinstance(created_at, str) or not TIMESTAMP.fullmatch(created_at):
        return "unknown"
    try:
        return datetime.fromisoformat(created_at).astimezone(UTC).date().isoformat()
    except (ValueError, OverflowError):  # no such day, or an offset that leaves year 1 to 9999
        return "unknown"


def bronze_object(raw: bytes, now: datetime) -> bytes:
    """The body goes in as received: writing it anew would lose repeated keys and spellings."""
    ingested = now.replace(tzinfo=None).isoformat(timespec="microseconds")
    head = f'{{"ingestion_time": "{ingested}", "source": "calendly_webhook", "data": '
    return head.encode() + raw.strip(b" \t\r\n") + b"}"


def put_once(bucket: str, key: str, content: bytes, content_type: str) -> bool:
    """Whether the object was made; False where it was there before."""
    for wait in (*CONFLICT_WAITS, None):
        try:
            client("s3").put_object(
                Bucket=bucket, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*"
            )
            return True
        except ClientError as error:
            status = error.response["ResponseMetadata"].get("HTTPStatusCode")
            if status == 412:
                return False
            # 409: another write of this key was under way; it may yet fail, so ask again.
            if status != 409 or wait is None:
                raise
            time.sleep(wait)
    raise AssertionError("unreachable: the last attempt returns or raises")


@cache
def client(service: str) -> Any:
    """One client per environment; their timeouts together end before the function's own."""
    connect, read = TIMEOUTS[service]
    config = Config(connect_timeout=connect, read_timeout=read, retries={"total_max_attempts": 2})
    return SESSION.client(service, config=config)


def answer(status: int, body: dict[str, str], outcome: str | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    if outcome:
        headers["x-lakehouse-outcome"] = outcome
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
