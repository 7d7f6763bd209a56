"""Settings of a deployment that runs for years: limits, retention, alarms, cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


class ProductionError(ValueError):
    """A setting cannot be what it is; the message says what it may be."""


@dataclass(frozen=True)
class Production:
    """`bronze_days`, `daily_budget` (USD) and `warm_executors` of 0 are off."""

    webhook_rate: int = 10_000
    webhook_burst: int = 5_000
    bronze_days: int = 0
    alarm_endpoint: str = ""
    daily_budget: int = 0
    warm_executors: int = 0

    @classmethod
    def from_variables(cls, values: Mapping[str, str]) -> Production:
        """Raises ProductionError."""
        found = cls(
            webhook_rate=_within(values, "WEBHOOK_RATE_LIMIT", 1, 10_000),
            webhook_burst=_within(values, "WEBHOOK_BURST_LIMIT", 1, 5_000),
            bronze_days=_within(values, "BRONZE_RETENTION_DAYS", 0, 36_500),
            alarm_endpoint=values["ALARM_ENDPOINT"],
            daily_budget=_within(values, "DAILY_BUDGET_USD", 0, 1_000_000),
            warm_executors=_within(values, "EMR_WARM_EXECUTORS", 0, 3),
        )
        protocol_of(found.alarm_endpoint)
        return found

    @property
    def on_the_laptop(self) -> Production:
        """There is no bill to watch there, and nothing that sends mail."""
        mails = protocol_of(self.alarm_endpoint) == "email"
        endpoint = "" if mails else self.alarm_endpoint
        return replace(self, daily_budget=0, alarm_endpoint=endpoint)

    @property
    def parameters(self) -> dict[str, str]:
        """Of the template."""
        return {
            "WebhookRateLimit": str(self.webhook_rate),
            "WebhookBurstLimit": str(self.webhook_burst),
            "BronzeRetentionDays": str(self.bronze_days),
            "AlarmProtocol": protocol_of(self.alarm_endpoint),
            "AlarmEndpoint": self.alarm_endpoint,
            "DailyBudget": str(self.daily_budget),
            "WarmExecutors": str(self.warm_executors),
        }


def protocol_of(endpoint: str) -> str:
    """How SNS reaches it. Raises ProductionError."""
    if not endpoint:
        return ""
    if endpoint.startswith("https://"):
        return "https"
    if endpoint.startswith("arn:") and ":sqs:" in endpoint:
        return "sqs"
    if "@" in endpoint and ":" not in endpoint:
        return "email"
    raise ProductionError(
        "ALARM_ENDPOINT must be a mail address, an https address or the ARN of an SQS queue, found"
        f" {endpoint!r}; see .env"
    )


def _within(values: Mapping[str, str], name: str, least: int, most: int) -> int:
    found = int(values[name])
    if not least <= found <= most:
        raise ProductionError(f"{name} must be from {least} to {most}, found {found}; see .env")
    return found
