"""The two sides of a proof, laptop and cloud: how one is reached, and what a run makes there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_bootstrap.buckets import delete_below
from pipeline.addresses import NotDeployedError, stack_outputs
from pipeline.names import ResourceNames

FOLDER = "_prove/"  # of bronze, silver and gold: crawlers, jobs and the dashboard read beside it
STAMP = "%Y%m%dt%H%M%S"
# So long nobody's proof takes: what is older was left by one that was killed.
LEFT_AFTER = timedelta(days=1)
UPLOADS_AT_ONCE = 16


class UnjudgedError(Exception):
    """The two sides could not be compared; the message says why and what to do."""


@dataclass(frozen=True)
class Side:
    """`run` names what the proof makes: a folder of each data bucket, and a database."""

    name: str
    names: ResourceNames
    make_client: Callable[[str], Any]
    run: str

    @property
    def folder(self) -> str:
        return f"{FOLDER}{self.run}/"

    @property
    def database(self) -> str:
        return f"{_databases(self.names)}{self.run}"

    def place(self, bucket: str) -> str:
        """Where the run's tables are, as the jobs take it."""
        return f"{bucket}/{self.folder}".rstrip("/")


def new_run(token: str, now: datetime) -> str:
    return f"{now.strftime(STAMP)}_{token}"


def state_machine(side: Side) -> str:
    """The ARN of the deployed one."""
    try:
        return stack_outputs(side.make_client("cloudformation"), side.names.stack)[
            "StateMachineArn"
        ]
    except NotDeployedError as error:
        how = "`lake deploy`" if side.name == "laptop" else "`lake promote apply`"
        raise UnjudgedError(
            f"Expected the stack {side.names.stack} on the {side.name}, found none that is"
            f" deployed: run {how} first"
        ) from error


def upload(side: Side, objects: dict[str, bytes]) -> None:
    s3, bucket = side.make_client("s3"), side.names.bronze_bucket
    with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
        for put in [
            pool.submit(s3.put_object, Bucket=bucket, Key=side.folder + key, Body=body)
            for key, body in objects.items()
        ]:
            put.result()


def remove(side: Side) -> None:
    """All that the run has made; may be repeated."""
    glue, s3 = side.make_client("glue"), side.make_client("s3")
    for bucket in side.names.data_buckets:
        delete_below(s3, bucket, side.folder)
    with suppress(glue.exceptions.EntityNotFoundException):
        glue.delete_database(Name=side.database)  # with its tables


def left_by_others(side: Side, now: datetime) -> list[str]:
    """The runs of which something is there and that nobody waits for any more."""
    glue, s3 = side.make_client("glue"), side.make_client("s3")
    pages = glue.get_paginator("get_databases").paginate()
    databases = [entry["Name"] for page in pages for entry in page["DatabaseList"]]
    own = _databases(side.names)
    found = {name.removeprefix(own) for name in databases if name.startswith(own)}
    for bucket in side.names.data_buckets:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=FOLDER, Delimiter="/")
        found |= {
            entry["Prefix"].removeprefix(FOLDER).rstrip("/")
            for entry in listed.get("CommonPrefixes", [])
        }
    return sorted(run for run in found if _is_old(run, now))


def _databases(names: ResourceNames) -> str:
    return f"{names.database_prefix}prove_"


def _is_old(run: str, now: datetime) -> bool:
    try:
        begun = datetime.strptime(run.partition("_")[0], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return False  # none of ours
    return now - begun > LEFT_AFTER
