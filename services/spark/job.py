"""A run with its files on this machine, and how it is to be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from services.spark import archives, submit
from services.spark.commands import GLUE_CONF, GLUE_LIBS
from services.spark.jvm import Gateway
from services.spark.plan import Plan, plan
from services.spark.runs import Run
from services.spark.s3_files import S3Files

LOCAL = "local"


@dataclass(frozen=True)
class Job:
    """`jars` are those that the JVMs here do not have."""

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

    @property
    def local(self) -> Path:
        """Spark's own files, which go with the job."""
        return self.folder / LOCAL


def prepared(run: Run, folder: Path, files: S3Files, pooled: Mapping[str, str]) -> Job:
    """Brings the files into `folder`; raises FileError, ArchiveError or SubmitError.

    Archives are unpacked in the job's own folder, and passed on for the workers of a cluster.
    """
    submission = submit.parse(run["spark_submit_parameters"], run["conf"])
    code, work, jars = folder / "code", folder / "work", folder / "jars"
    for made in (work, folder / LOCAL):
        made.mkdir(parents=True, exist_ok=True)
    script = files.fetch(run["entry_point"], code)
    missing = files.missing(submission.jars)
    return Job(
        run=run,
        plan=plan(submission, run["name"], pooled, missing),
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


def document(job: Job, gateway: Gateway) -> dict[str, Any]:
    """The job as services/spark/driver.py reads it."""
    is_glue = job.run["kind"] == "glue"
    return {
        "script": str(job.script),
        "arguments": job.run["arguments"],
        "gateway": asdict(gateway),
        "environment": {**job.run["environment"], **job.plan.environment},
        "modules": [*(str(path) for path in job.py_files), *([str(GLUE_LIBS)] if is_glue else [])],
        "folder": str(job.work),
        "notes": [] if is_glue else job.plan.notes,
    }


def pooled_conf(job: Job) -> dict[str, str]:
    """Its settings and files, as spark-submit gives them to a JVM of the job's own."""
    py_files = ",".join(str(path) for path in job.py_files)
    conf = {
        "spark.local.dir": str(job.local),  # where Spark keeps its own files
        "user.dir": str(job.work),  # where Hadoop finds relative paths
        **job.plan.conf,
        # The workers' calls go where the run is, as the script's.
        **{f"spark.executorEnv.{name}": value for name, value in job.run["environment"].items()},
        "spark.submit.pyFiles": py_files,
        "spark.files": ",".join(str(path) for path in (*job.files, *job.py_files)),
    }
    if job.run["kind"] == "glue":
        conf.update(GLUE_CONF)
    return {name: value for name, value in conf.items() if value}
