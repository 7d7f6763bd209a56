"""A run with its files on this machine, and how it is to be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.spark import archives, submit
from services.spark.plan import Plan, plan
from services.spark.runs import Run
from services.spark.s3_files import S3Files


@dataclass(frozen=True)
class Job:
    """`jars` are those that the drivers here do not have."""

    run: Run
    plan: Plan
    folder: Path
    script: Path
    py_files: list[Path]
    files: list[Path]
    jars: list[Path]
    archives: list[str]
    main_class: str

    @property
    def work(self) -> Path:
        """The folder that the job runs in."""
        return self.folder / "work"


def prepared(run: Run, folder: Path, files: S3Files, warm_conf: Mapping[str, str]) -> Job:
    """Brings the files into `folder`; raises FileError, ArchiveError or SubmitError.

    Archives are unpacked in the job's own folder, and passed on for the workers of a cluster.
    """
    submission = submit.parse(run["spark_submit_parameters"], run["conf"])
    code, work, jars = folder / "code", folder / "work", folder / "jars"
    work.mkdir(parents=True, exist_ok=True)
    script = files.fetch(run["entry_point"], code)
    missing = files.missing(submission.jars)
    return Job(
        run=run,
        plan=plan(submission, run["name"], warm_conf, missing),
        folder=folder,
        script=script,
        py_files=[files.fetch(uri, code) for uri in submission.py_files],
        files=[files.fetch(uri, work) for uri in submission.files],
        jars=[files.fetch(uri, jars) for uri in missing],
        archives=[_unpacked(uri, folder, work, files) for uri in submission.archives],
        main_class=submission.main_class,
    )


def _unpacked(uri: str, folder: Path, work: Path, files: S3Files) -> str:
    """The archive as spark-submit takes it: `path#name`."""
    address, name = archives.parts(uri)
    packed = files.fetch(address, folder / "archives")
    archives.unpacked(packed, work / Path(name).name)
    return f"{packed}#{Path(name).name}"


def document(job: Job) -> dict[str, Any]:
    """The job as services/spark/driver.py reads it."""
    return {
        "script": str(job.script),
        "arguments": job.run["arguments"],
        "py_files": [str(path) for path in job.py_files],
        "files": [str(path) for path in job.files],
        "conf": job.plan.conf,
        "environment": {**job.run["environment"], **job.plan.environment},
        "folder": str(job.work),
        "notes": job.plan.notes,
    }
