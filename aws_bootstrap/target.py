"""Where the stack is deployed: the laptop and AWS differ by these values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aws_bootstrap.code_repository import CodeRepository, full_id
from aws_bootstrap.production import Production
from pipeline.names import SEED_PREFIX, ResourceNames

SEED_SETTINGS = Production()
AWS_SOURCE = "https://dea-data-bucket.s3.amazonaws.com/calendly_spend_data"
LOCAL_CONNECTION = (
    "arn:aws:codeconnections:us-east-1:000000000000:connection/00000000-0000-0000-0000-000000000000"
)


class TargetError(Exception):
    """The values are not fit for the target; the message says which and what to do."""


@dataclass(frozen=True)
class Target:
    """`endpoint_url` is None on AWS; `source_url` is where the marketing files are read.

    `signing_keys` are put into the webhook's secret where that holds none.
    """

    name: str
    names: ResourceNames
    endpoint_url: str | None
    source_url: str
    signing_keys: str = field(repr=False)
    require_signature: bool
    signature_tolerance_seconds: int
    code: CodeRepository
    schedule_state: str = "ENABLED"
    production: Production = SEED_SETTINGS

    @property
    def has_sample_source(self) -> bool:
        """On AWS the marketing source exists; on a laptop the deployment stands in for it."""
        return self.endpoint_url is not None

    @property
    def parameters(self) -> dict[str, str]:
        return {
            "Prefix": self.names.prefix,
            "DatabasePrefix": self.names.database_prefix,
            "SourceUrl": self.source_url,
            "RequireSignature": "true" if self.require_signature else "false",
            "SignatureToleranceSeconds": str(self.signature_tolerance_seconds),
            "ScheduleState": self.schedule_state,
            **self.production.parameters,
            "ConnectionArn": self.code.connection_arn,
            "FullRepositoryId": self.code.full_id,
            "BranchName": self.code.branch,
        }


def local(
    names: ResourceNames,
    endpoint_url: str,
    inner_endpoint_url: str,
    signing_keys: str,
    *,
    require_signature: bool,
    tolerance_seconds: int,
    code_branch: str,
    production: Production = SEED_SETTINGS,
) -> Target:
    """The edge serves the repository itself and makes it with the first push."""
    repository = f"{names.prefix}/code"
    return Target(
        name="local",
        names=names,
        endpoint_url=endpoint_url,
        source_url=f"{inner_endpoint_url}/dea-data-bucket/calendly_spend_data",
        signing_keys=signing_keys,
        require_signature=require_signature,
        signature_tolerance_seconds=tolerance_seconds,
        code=CodeRepository(
            f"{endpoint_url}/_git/{repository}.git",
            repository,
            code_branch,
            LOCAL_CONNECTION,
        ),
        production=production.on_the_laptop,
    )


def aws(
    names: ResourceNames,
    signing_keys: str,
    *,
    allow_unsigned: bool,
    tolerance_seconds: int,
    repository_url: str,
    connection_arn: str,
    code_branch: str,
    production: Production = SEED_SETTINGS,
) -> Target:
    """Deliveries need a signature, unless that is asked for. Refuses an address with a token."""
    if names.prefix == SEED_PREFIX:
        raise TargetError(
            f"The names of buckets are unique among all accounts of AWS, and those that begin with"
            f" {SEED_PREFIX} are taken: give a prefix of your own by --prefix"
        )
    if not repository_url or not connection_arn:
        raise TargetError(
            "The code pipeline reads a git repository of yours: set SOURCE_REPOSITORY_URL to the"
            " address that git can push to (https://host/owner/name.git), and"
            " SOURCE_CONNECTION_ARN to the code connection by which CodePipeline reads it"
        )
    if urlsplit(repository_url).password:
        raise TargetError(
            "SOURCE_REPOSITORY_URL holds a password or a token: leave it out, and put it into"
            f" Secrets Manager by `lake keys set repository-token --aws --prefix {names.prefix}`"
        )
    return Target(
        name="aws",
        names=names,
        endpoint_url=None,
        source_url=AWS_SOURCE,
        signing_keys=signing_keys,
        require_signature=not allow_unsigned,
        signature_tolerance_seconds=tolerance_seconds,
        code=CodeRepository(repository_url, full_id(repository_url), code_branch, connection_arn),
        production=production,
    )
