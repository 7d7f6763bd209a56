"""What the resources of a deployed pipeline are called: the template's parameter Prefix decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

SEED_PREFIX = "project6"
# Of the names made of it, a bucket's, with account and region, is the longest: 63 characters.
PREFIX = re.compile(r"[a-z](?:-?[a-z0-9]){2,19}")
SILVER = ("fact_events", "fact_bookings", "fact_marketing", "rejected_events", "rejected_marketing")
GOLD = (
    "gold_daily_bookings_by_channel",
    "gold_cpb_by_channel",
    "gold_channel_attribution",
    "gold_booking_time_analysis",
    "gold_meeting_load_per_employee",
    "gold_booking_metrics",
    "gold_booking_outcomes",
)


@dataclass(frozen=True)
class ResourceNames:
    """The names of one stack. Bucket names are global on AWS, so each account needs a prefix."""

    prefix: str = SEED_PREFIX

    def __post_init__(self) -> None:
        if not PREFIX.fullmatch(self.prefix):
            raise ValueError(
                "A prefix is 3 to 20 lower-case letters, digits and single hyphens, starting with"
                f" a letter and not ending with a hyphen; found {self.prefix!r}"
            )

    @property
    def stack(self) -> str:
        return self.prefix

    @property
    def bronze_bucket(self) -> str:
        return f"{self.prefix}-bronze-bucket"

    @property
    def silver_bucket(self) -> str:
        return f"{self.prefix}-silver-bucket"

    @property
    def gold_bucket(self) -> str:
        return f"{self.prefix}-gold-bucket"

    @property
    def jars_bucket(self) -> str:
        return f"{self.prefix}-jars"

    @property
    def code_bucket(self) -> str:
        return f"{self.prefix}-code-bucket"

    def table_uri(self, table: str) -> str:
        """Where a table of SILVER or GOLD is."""
        return f"s3://{self.gold_bucket if table in GOLD else self.silver_bucket}/{table}"

    @property
    def code_pipeline(self) -> str:
        return f"{self.prefix}-codepipeline"

    @property
    def signing_keys_secret(self) -> str:
        """Of the stack."""
        return f"{self.prefix}-calendly-signing-keys"

    @property
    def repository_token_secret(self) -> str:
        """Beside the stack, as the code is pushed before there is one."""
        return f"{self.prefix}-repository-token"

    @property
    def database_prefix(self) -> str:
        """Stands before event_db, marketing_db and gold_db; the seed's have none."""
        return "" if self.prefix == SEED_PREFIX else self.prefix.replace("-", "_") + "_"

    @property
    def log_groups(self) -> dict[str, str]:
        """The groups of the functions and of the state machine, by what writes to them."""
        return {
            "webhook": f"/aws/lambda/{self.prefix}-calendly-webhook-ingestion",
            "trigger": f"/aws/lambda/{self.prefix}-trigger-code-pipeline",
            "states": f"/aws/vendedlogs/states/{self.prefix}-state-machine",
        }

    @property
    def data_buckets(self) -> tuple[str, ...]:
        """What is lost with them cannot be made again by deploying."""
        return (self.bronze_bucket, self.silver_bucket, self.gold_bucket)

    @property
    def buckets(self) -> tuple[str, ...]:
        """Those of the stack whose names hold no account."""
        return (*self.data_buckets, self.jars_bucket, self.code_bucket)

    def all_buckets(self, account: str, region: str) -> tuple[str, ...]:
        artifacts = f"{self.prefix}-artifacts-{account}-{region}"
        return (*self.buckets, artifacts, self.deploy_bucket(account, region))

    def deploy_bucket(self, account: str, region: str) -> str:
        """The bucket of the packaged code."""
        return f"{self.prefix}-deploy-{account}-{region}"
