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
    """Each document is on disk before its method returns.

    The active executions are known by id, so that a long history costs nothing to go on from.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._active: dict[str, list[str]] = {}  # by pipeline, oldest first
        for execution in records.list(EXECUTION):
            self._note(execution)

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
        self._active.pop(name, None)
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
        """Oldest first."""
        found = [self.execution(name, known) for known in list(self._active.get(name, []))]
        return [execution for execution in found if execution is not None]

    def put_execution(self, execution: Execution) -> None:
        self._note(execution)
        self._records.put(EXECUTION, _key(execution["pipeline"], execution["id"]), execution)

    def _note(self, execution: Execution) -> None:
        known = self._active.setdefault(execution["pipeline"], [])
        is_known = execution["id"] in known
        if execution["status"] in ACTIVE and not is_known:
            known.append(execution["id"])
        elif execution["status"] not in ACTIVE and is_known:
            known.remove(execution["id"])

    def job(self, job_id: str) -> dict[str, Any] | None:
        return self._records.get(JOB, job_id)

    def put_job(self, job: dict[str, Any]) -> None:
        self._records.put(JOB, job["id"], job)


def _key(name: str, rest: str) -> str:
    """A pipeline's documents are listed by the prefix `_key(name, "")`."""
    return f"{name}\n{rest}"
