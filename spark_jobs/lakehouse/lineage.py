"""What a run reads and makes, told twice: by a note in each commit, by OpenLineage's events in S3.

Spark's own listener loses the sources of a MERGE; here a run says itself what it was given.
https://openlineage.io/docs/spec/object-model
"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from lakehouse.s3_objects import put_json, within

log = logging.getLogger(__name__)

_UTC = timezone.utc  # noqa: UP017 (EMR runs Python 3.9)
FOLDER = "_lineage"
PRODUCER = "lakehouse://spark_jobs"  # a URI, as the specification wants it
SPEC = "https://openlineage.io/spec"
EVENT_SCHEMA = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
# Session-wide, so that a MERGE in SQL, which takes no options, has it as well.
# https://docs.delta.io/latest/delta-batch.html#set-user-defined-commit-metadata
NOTE_SETTING = "spark.databricks.delta.commitInfo.userMetadata"


@dataclass(frozen=True)
class Dataset:
    """Objects below a prefix, or a Delta table, of a bucket.

    `version` is a table's; `keys` are the objects of the prefix that were read.
    """

    bucket: str
    name: str
    version: int | None = None
    keys: Collection[str] | None = None


@dataclass(frozen=True)
class JobRun:
    """A run of a job that writes to the bucket, or a folder of one; `execution` is the state
    machine's, if any."""

    job: str
    bucket: str
    id: str
    started: datetime
    execution: str | None = None

    @staticmethod
    def begun(job: str, bucket: str, execution: str | None = None) -> JobRun:
        return JobRun(job, bucket, str(uuid4()), datetime.now(_UTC), execution)

    @property
    def folder(self) -> str:
        """Where the run's events are: `_lineage/JOB/STARTED_ID/`."""
        return f"{FOLDER}/{self.job}/{self.started:%Y-%m-%dT%H-%M-%S}_{self.id}/"

    @property
    def reference(self) -> dict[str, str | None]:
        """What a commit says of the run that made it."""
        return {"id": self.id, "lineage": self.folder, "execution": self.execution}

    @property
    def note(self) -> str:
        """The `userMetadata` of a commit of this run."""
        return json.dumps({"run": self.reference})


@contextmanager
def recorded(s3: Any, run: JobRun, inputs: Sequence[Dataset]) -> Iterator[list[Dataset]]:
    """Record the start now and the end, good or bad; what the run makes is added to the list.

    A run that is killed leaves its start, and its commits lead there.
    """
    made: list[Dataset] = []
    read = [_input(s3, run, dataset) for dataset in inputs]
    _put(s3, run, "START", read, made)
    try:
        yield made
    except Exception as error:
        with suppress(Exception):  # what failed the run may fail this as well
            _put(s3, run, "FAIL", read, made, type(error).__name__)
        raise
    _put(s3, run, "COMPLETE", read, made)


def _put(
    s3: Any,
    run: JobRun,
    kind: str,
    inputs: Sequence[dict[str, Any]],
    made: Sequence[Dataset],
    error: str | None = None,
) -> None:
    event = {
        "eventType": kind,
        "eventTime": datetime.now(_UTC).isoformat(),
        "producer": PRODUCER,
        "schemaURL": EVENT_SCHEMA,
        "run": {"runId": run.id, "facets": _run_facets(run, error)},
        "job": {"namespace": f"s3://{run.bucket}", "name": run.job},
        "inputs": list(inputs),
        "outputs": [_dataset(dataset) for dataset in made],
    }
    key = f"{run.folder}{kind}.json"
    put_json(s3, run.bucket, key, json.dumps(event).encode())
    log.info("wrote s3://%s/%s", run.bucket, key)


def _run_facets(run: JobRun, error: str | None) -> dict[str, Any]:
    facets: dict[str, Any] = {}
    if run.execution:
        # An execution's name is anyone's choice, and OpenLineage wants a UUID.
        facets["parent"] = {
            **_facet("1-2-0", "ParentRunFacet"),
            "run": {"runId": str(uuid5(NAMESPACE_URL, run.execution))},
            "job": {"namespace": "stepfunctions", "name": run.execution},
        }
    if error:
        facets["errorMessage"] = {
            **_facet("1-0-1", "ErrorMessageRunFacet"),
            "message": error,
            "programmingLanguage": "Python",
        }
    return facets


def _input(s3: Any, run: JobRun, dataset: Dataset) -> dict[str, Any]:
    """The dataset; the keys that were read, of which there may be many, in a file of their own."""
    if dataset.keys is None:
        return _dataset(dataset)
    key = f"{run.folder}{dataset.name.strip('/').replace('/', '-')}.txt.gz"
    body = gzip.compress("\n".join(dataset.keys).encode(), compresslevel=1, mtime=0)
    bucket, whole = within(run.bucket, key)
    s3.put_object(Bucket=bucket, Key=whole, Body=body, ContentType="application/gzip")
    objects = {
        "_producer": PRODUCER,
        "_schemaURL": f"{SPEC}/2-0-2/OpenLineage.json#/$defs/DatasetFacet",
        "count": len(dataset.keys),
        "list": f"s3://{run.bucket}/{key}",
    }
    return {**_dataset(dataset), "facets": {"lakehouse_objects": objects}}


def _dataset(dataset: Dataset) -> dict[str, Any]:
    # https://openlineage.io/docs/spec/naming
    facets: dict[str, Any] = {}
    if dataset.version is not None:
        facets["version"] = {
            **_facet("1-0-1", "DatasetVersionDatasetFacet"),
            "datasetVersion": str(dataset.version),
        }
    return {"namespace": f"s3://{dataset.bucket}", "name": dataset.name, "facets": facets}


def _facet(version: str, name: str) -> dict[str, Any]:
    schema = f"{SPEC}/facets/{version}/{name}.json#/$defs/{name}"
    return {"_producer": PRODUCER, "_schemaURL": schema}
