"""Spark's settings and log destinations of a job run: its application's, overridden by its own."""

from __future__ import annotations

from typing import Any

from services.edge.emr_serverless import errors
from services.edge.emr_serverless.documents import image_jars
from services.spark import submit
from services.spark.plan import DRIVER_MEMORY, memory_bytes

Document = dict[str, Any]

TAKEN = "spark-defaults"
# Valid on AWS, without effect on a driver that was started before the job arrived.
UNAVAILABLE = ("spark-driver-log4j2", "spark-executor-log4j2", "spark-metastore")


def check_classifications(entries: list[Document]) -> None:
    for entry in entries:
        name = entry.get("classification")
        if name in UNAVAILABLE:
            raise errors.validation(f"Classification {name} is not available here: leave it out")
        if name != TAKEN:
            raise errors.validation(f"Unknown configuration overrides classification: {name}")
        check_classifications(entry.get("configurations") or [])


def check_job(run: Document, application: Document) -> None:
    """Raises ValidationException where Spark could not be given what the run asks for."""
    check_classifications(_overrides(run))
    parameters = run["jobDriver"]["sparkSubmit"].get("sparkSubmitParameters") or ""
    try:
        submission = submit.parse(parameters, spark_conf(run, application))
        image_jars.check(submission.jars, application["releaseLabel"])
        if DRIVER_MEMORY in submission.conf:
            memory_bytes(submission.conf[DRIVER_MEMORY])
    except submit.SubmitError as error:
        raise errors.validation(str(error)) from error


def spark_conf(run: Document, application: Document) -> dict[str, str]:
    """spark-defaults of the application, then of the run; submit parameters win over both."""
    conf: dict[str, str] = {}
    for entry in [*(application.get("runtimeConfiguration") or []), *_overrides(run)]:
        conf.update(entry.get("properties") or {})
    return conf


def monitoring(run: Document, application: Document) -> Document:
    """Each destination as the run configures it, else as its application does."""
    own = run["configurationOverrides"].get("monitoringConfiguration") or {}
    return {**(application.get("monitoringConfiguration") or {}), **own}


def _overrides(run: Document) -> list[Document]:
    return run["configurationOverrides"].get("applicationConfiguration") or []
