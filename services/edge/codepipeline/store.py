"""Pipelines, their versions, executions and Lambda jobs in the edge's records."""

from __future__ import annotations

from typing import Any

from services.edge.codepipeline import errors
from services.edge.codepipeline.executions import ACTIVE, Execution
from services.edge.store.records import Records

PIPELINE, VERSION = "codepipeline", "codepipeline_version"
EXECUTION, JOB = "codepipeline_execution", "codepipeline_job"
Pipeline = dict[str, Any]


class Store:
    """Each document is on disk before its method returns."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def pipeline(self, name: str) -> Pipeline | None:
        return self._records.get(PIPELINE, name)

    def required_pipeline(self, name: str, account: str) -> Pipeline:
        found = self.pipeline(name)
        if found is None:
            raise errors.no_pipeline(name, account)
        return found

    def pipelines(self) -> list[Pipeline]:
        return list(self._records.list(PIPELINE))

    def put_pipeline(self, pipeline: Pipeline) -> None:
        """The version first: a version that no pipeline names yet does no harm."""
        declaration = pipeline["declaration"]
        key = _key(declaration["name"], str(declaration["version"]))
        self._records.put(VERSION, key, declaration)
        self._records.put(PIPELINE, declaration["name"], pipeline)

    def version(self, name: str, version: int) -> dict[str, Any] | None:
        return self._records.get(VERSION, _key(name, str(version)))

    def delete_pipeline(self, name: str) -> None:
        self._records.delete(PIPELINE, name)
        for execution in self.executions(name):
            self._records.delete(EXECUTION, _key(name, execution["id"]))
        for job in self._records.list(JOB):
            if job["pipeline"] == name:
                self._records.delete(JOB, job["id"])
        for declaration in self._records.list(VERSION, _key(name, "")):
            self._records.delete(VERSION, _key(name, str(declaration["version"])))

    def execution(self, name: str, execution_id: str) -> Execution | None:
        return self._records.get(EXECUTION, _key(name, execution_id))

    def executions(self, name: str) -> list[Execution]:
        """Oldest first."""
        return list(self._records.list(EXECUTION, _key(name, "")))

    def active(self, name: str) -> list[Execution]:
        return [e for e in self.executions(name) if e["status"] in ACTIVE]

    def put_execution(self, execution: Execution) -> None:
        self._records.put(EXECUTION, _key(execution["pipeline"], execution["id"]), execution)

    def job(self, job_id: str) -> dict[str, Any] | None:
        return self._records.get(JOB, job_id)

    def put_job(self, job: dict[str, Any]) -> None:
        self._records.put(JOB, job["id"], job)


def _key(name: str, rest: str) -> str:
    """A pipeline's documents are listed by the prefix `_key(name, "")`."""
    return f"{name}\n{rest}"
