"""A run with its files on this machine, and how it is to be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.spark import archives, delta_jars, roles, submit
from services.spark.commands import GLUE_CONF, GLUE_LIBS
from services.spark.plan import Plan, plan
from services.spark.roles import Role
from services.spark.runs import Run
from services.spark.s3_files import S3Files
from services.spark.settings import Settings

LOCAL = "local"


@dataclass(frozen=True)
class Identity:
    """As whom the job makes its calls, and where: environments of its own process and of its
    executors, and what S3A is told."""

    environment: dict[str, str]
    executors: dict[str, str]
    conf: dict[str, str]


@dataclass(frozen=True)
class Job:
    """`jars` are those that the JVM it is run in does not have by itself."""

    run: Run
    plan: Plan
    folder: Path
    script: Path
    py_files: list[Path]
    files: list[Path]
    jars: list[Path]
    archives: list[str]
    main_class: str
    identity: Identity

    @property
    def work(self) -> Path:
        """The folder that the job runs in."""
        return self.folder / "work"

    @property
    def local(self) -> Path:
        """Spark's own files, which go with the job."""
        return self.folder / LOCAL


def prepared(run: Run, folder: Path, settings: Settings, pooled: Mapping[str, str]) -> Job:
    """Brings the files into `folder`, as the run's role; raises FileError, ArchiveError or
    SubmitError, and botocore's errors where the role cannot be taken on.

    Archives are unpacked in the job's own folder, and passed on for the workers of a cluster.
    """
    role = roles.of_run(run)
    region = run["environment"].get("AWS_DEFAULT_REGION", "us-east-1")
    keys = (
        roles.environment_of(role.taken_on(settings.endpoint_url, region))
        if role
        else (roles.ADMINISTRATOR)
    )
    files = S3Files(settings.endpoint_url, settings.jars_dir, keys)
    submission = submit.parse(run["spark_submit_parameters"], run["conf"])
    code, work, jars = folder / "code", folder / "work", folder / "jars"
    for made in (work, folder / LOCAL):
        made.mkdir(parents=True, exist_ok=True)
    script = files.fetch(run["entry_point"], code)
    missing = files.missing(submission.jars)
    present = [uri for uri in submission.jars if uri not in missing]
    delta = delta_jars.named(present, settings.jars_dir)
    has_all = delta == delta_jars.of(settings.jars_dir)
    return Job(
        run=run,
        plan=plan(
            submission,
            run["name"],
            pooled,
            missing,
            None if has_all else delta_jars.class_path_without(settings.jars_dir),
        ),
        folder=folder,
        script=script,
        py_files=[files.fetch(uri, code) for uri in submission.py_files],
        files=[files.fetch(uri, work) for uri in submission.files],
        jars=[*(files.fetch(uri, jars) for uri in missing), *([] if has_all else delta)],
        archives=[_unpacked(uri, folder, work, files) for uri in submission.archives],
        main_class=submission.main_class,
        identity=_identity(run, role, region, keys, settings),
    )


def _identity(
    run: Run, role: Role | None, region: str, keys: dict[str, str], settings: Settings
) -> Identity:
    """The executors of a cluster do not reach this service, and so have keys that end."""
    own = {**roles.environment(role, settings.own_url(settings.port)), **run["environment"]}
    return Identity(
        environment=own,
        executors={**keys, **run["environment"]} if settings.has_cluster else own,
        conf=roles.s3a_conf(role, settings.endpoint_url, region),
    )


def _unpacked(uri: str, folder: Path, work: Path, files: S3Files) -> str:
    """The archive as spark-submit takes it: `path#name`."""
    address, name = archives.parts(uri)
    packed = files.fetch(address, folder / "archives")
    archives.unpacked(packed, work / Path(name).name)
    return f"{packed}#{Path(name).name}"


def document(job: Job, own_jvm: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The job as services/spark/driver.py reads it; `own_jvm` is the environment of one that starts
    a JVM of its own."""
    is_glue = job.run["kind"] != "emr"
    return {
        "script": str(job.script),
        "arguments": job.run["arguments"],
        "is_pooled": own_jvm is None,
        "environment": {
            **job.identity.environment,
            **job.plan.environment,
            **(own_jvm or {}),
        },
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
        **job.identity.conf,
        **job.plan.conf,
        # The workers' calls go where the run is, as the script's.
        **{f"spark.executorEnv.{name}": value for name, value in job.identity.executors.items()},
        "spark.submit.pyFiles": py_files,
        "spark.files": ",".join(str(path) for path in (*job.files, *job.py_files)),
    }
    if job.run["kind"] == "glue":
        conf.update(GLUE_CONF)
    return {name: value for name, value in conf.items() if value}
