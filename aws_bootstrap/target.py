"""Where the stack is deployed: the laptop and AWS differ by these values only."""

from __future__ import annotations

from dataclasses import dataclass

STACK = "project6"
LOCAL_SIGNING_KEY = "local-signing-key"
AWS_SOURCE = "https://dea-data-bucket.s3.amazonaws.com/calendly_spend_data"


class TargetError(Exception):
    """The values are not fit for the target; the message says which and what to do."""


@dataclass(frozen=True)
class Target:
    """`endpoint_url` is None on AWS; `source_url` is where the marketing files are read."""

    name: str
    endpoint_url: str | None
    source_url: str
    signing_keys: str
    require_signature: bool
    signature_tolerance_seconds: int
    schedule_state: str = "ENABLED"

    @property
    def has_sample_source(self) -> bool:
        """On AWS the marketing source exists; on a laptop the deployment stands in for it."""
        return self.endpoint_url is not None

    @property
    def parameters(self) -> dict[str, str]:
        return {
            "SourceUrl": self.source_url,
            "CalendlySigningKeys": self.signing_keys,
            "RequireSignature": "true" if self.require_signature else "false",
            "SignatureToleranceSeconds": str(self.signature_tolerance_seconds),
            "ScheduleState": self.schedule_state,
        }


def local(
    endpoint_url: str,
    inner_endpoint_url: str,
    signing_keys: str,
    *,
    require_signature: bool,
    tolerance_seconds: int,
) -> Target:
    return Target(
        name="local",
        endpoint_url=endpoint_url,
        source_url=f"{inner_endpoint_url}/dea-data-bucket/calendly_spend_data",
        signing_keys=signing_keys,
        require_signature=require_signature,
        signature_tolerance_seconds=tolerance_seconds,
    )


def aws(signing_keys: str, *, allow_unsigned: bool, tolerance_seconds: int) -> Target:
    """Refuses a webhook that anyone could write to, unless that is asked for."""
    if LOCAL_SIGNING_KEY in signing_keys.split(","):
        raise TargetError(
            f"CALENDLY_SIGNING_KEYS holds the laptop's {LOCAL_SIGNING_KEY!r}, which everyone knows:"
            " set it to the signing key of your Calendly subscription"
        )
    if not signing_keys and not allow_unsigned:
        raise TargetError(
            "CALENDLY_SIGNING_KEYS is empty, so no delivery could be verified: set it, or accept"
            " deliveries without a signature by --allow-unsigned"
        )
    return Target(
        name="aws",
        endpoint_url=None,
        source_url=AWS_SOURCE,
        signing_keys=signing_keys,
        require_signature=not allow_unsigned,
        signature_tolerance_seconds=tolerance_seconds,
    )
