"""A deployment in two steps: plan (package, change set), then apply (stack, jars, code)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aws_bootstrap import apply as stacks
from aws_bootstrap import code_pipeline, secret_values
from aws_bootstrap import plan as plans
from aws_bootstrap.apply import Say
from aws_bootstrap.buckets import (
    ensure_bucket,
    ensure_objects,
    has_object,
    public_read_policy,
)
from aws_bootstrap.code_repository import CodeRepository, Published
from aws_bootstrap.package import Package
from aws_bootstrap.target import Target
from pipeline.names import ResourceNames
from sample_data.recorded import INDEX
from sample_data.spend_source import PREFIX, source_objects

SOURCE_BUCKET = "dea-data-bucket"
# What the jobs name; the other jars are in the Spark installations of EMR and of the laptop.
JOB_JARS = ("delta-", "hadoop-aws-", "aws-java-sdk-")


@dataclass(frozen=True)
class Deployment:
    target: Target
    package: Package
    jars: list[Path]
    make_client: Callable[[str], Any]

    def plan(self) -> plans.Plan | None:
        """What applying would do to the stack; None where it is already so."""
        self.upload_parts()
        return self.change_set()

    def upload_parts(self) -> None:
        """Put what CloudFormation reads, the functions' code and the definition, in its bucket."""
        s3 = self.make_client("s3")
        ensure_bucket(s3, self.deploy_bucket)
        ensure_objects(s3, self.deploy_bucket, self.package.parts)

    def change_set(self, name: str | None = None) -> plans.Plan | None:
        return plans.make(
            self.make_client("cloudformation"),
            self.names.stack,
            self.package.template,
            self.parameters,
            name,
            adopts=not self.target.has_sample_source,
        )

    @cached_property
    def deploy_bucket(self) -> str:
        sts = self.make_client("sts")
        account = sts.get_caller_identity()["Account"]
        return self.names.deploy_bucket(account, sts.meta.region_name)

    @property
    def parameters(self) -> dict[str, str]:
        """The template's."""
        return self.parameters_with(self.deploy_bucket)

    def parameters_with(self, deploy_bucket: str) -> dict[str, str]:
        jars = self.names.jars_bucket
        return {
            **self.target.parameters,
            "DeployBucket": deploy_bucket,
            "IngestionCodeKey": self.package.ingestion_key,
            "TriggerCodeKey": self.package.trigger_key,
            "UpdateCodeKey": self.package.update_key,
            "StateMachineKey": self.package.state_machine_key,
            "SparkJars": ",".join(f"s3://{jars}/{path.name}" for path in self.job_jars),
        }

    def apply(self, planned: plans.Plan | None, say: Say | None = None) -> list[str]:
        """Carry out the plan and bring jars, sample and code up to date; return what was put."""
        if planned is None:
            return self.fill()
        # A new pipeline runs at once, and must find the code.
        published = [self.publish()] if planned.creates else []
        cloudformation = self.make_client("cloudformation")
        seen = stacks.execute(cloudformation, planned)
        stacks.follow(cloudformation, planned.stack, seen, say)
        return self.fill(published)

    def fill(self, published: Sequence[Published] = ()) -> list[str]:
        """Bring keys, jars, sample and code of a stack up to date; return what was put."""
        self.put_signing_keys()
        return self.upload() + self.deploy_code([*published, self.publish()])

    def put_signing_keys(self) -> bool:
        """Whether the webhook's secret had none, and now holds the target's."""
        if not self.target.signing_keys:
            return False
        keys = secret_values.checked_keys(self.target.signing_keys)
        client = self.make_client("secretsmanager")
        return secret_values.put_first(client, self.names.signing_keys_secret, keys)

    def has_other_keys(self) -> bool:
        """Whether one of the target's signing keys is not among those of the webhook's secret."""
        client = self.make_client("secretsmanager")
        held = secret_values.value_of(client, self.names.signing_keys_secret)
        wanted = secret_values.keys_of(self.target.signing_keys)
        return not set(wanted) <= set(secret_values.keys_of(held))

    def upload(self) -> list[str]:
        """Put the jars, and on a laptop the sample's source, where they differ."""
        s3 = self.make_client("s3")
        jars = {path.name: path.read_bytes() for path in self.job_jars}
        bucket = self.names.jars_bucket
        put = [f"s3://{bucket}/{key}" for key in ensure_objects(s3, bucket, jars)]
        if self.target.has_sample_source and not has_object(s3, SOURCE_BUCKET, PREFIX + INDEX):
            put.append(f"s3://{SOURCE_BUCKET}")
            make_sample_source(s3)
        return put

    def publish(self) -> Published:
        """Commit the packaged code to the branch that the pipeline reads, where it differs."""
        return self.repository().publish(self.package.code, int(time.time()))

    def repository(self) -> CodeRepository:
        """That of the target, with the token that Secrets Manager holds, if any."""
        client = self.make_client("secretsmanager")
        token = secret_values.value_of(client, self.names.repository_token_secret)
        return self.target.code.with_token(token)

    def deploy_code(self, published: list[Published]) -> list[str]:
        """Wait for the pipeline to fill the code bucket and update the functions."""
        commit, pushed = published[-1].commit, any(each.pushed for each in published)
        code_pipeline.ensure_deployed(
            self.make_client("codepipeline"), self.names.code_pipeline, commit, pushed=pushed
        )
        code = self.target.code
        return [f"{code.full_id}@{code.branch} {commit[:8]}"] if pushed else []

    @property
    def names(self) -> ResourceNames:
        return self.target.names

    @property
    def job_jars(self) -> list[Path]:
        return [path for path in self.jars if path.name.startswith(JOB_JARS)]


def make_sample_source(s3: Any) -> None:
    """Stand in for the public marketing source: the sample's spend files, readable by anyone."""
    s3.create_bucket(Bucket=SOURCE_BUCKET)
    s3.delete_public_access_block(Bucket=SOURCE_BUCKET)
    s3.put_bucket_policy(Bucket=SOURCE_BUCKET, Policy=public_read_policy(SOURCE_BUCKET))
    ensure_objects(s3, SOURCE_BUCKET, source_objects(), PREFIX)
