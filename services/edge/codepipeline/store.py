"""Pipelines, their versions, executions and Lambda jobs in the edge's records."""

from __future__ import annotations

from typing import Any

from services.edge.codepipeline import errors, record_keys
from services.edge.codepipeline.documents.executions import ACTIVE, Execution
from services.edge.codepipeline.record_keys import EXECUTION, JOB, PIPELINE, VERSION, key_of
from services.edge.store.records import Records

Pipeline = dict[str, Any]


class Store:
    """Each document is on disk before its method returns.

    The active executions are known by id, so that a long history costs nothing to go on from.
    """

    def __init__(self, records: Records) -> None:
        record_keys.replace(records)
        self._records = records
        self._active: dict[str, list[str]] = {}  # by pipeline's ARN, oldest first
        for execution in records.list(EXECUTION):
            self._note(execution)

    def pipeline(self, arn: str) -> Pipeline | None:
        return self._records.get(PIPELINE, arn)

    def required_pipeline(self, arn: str) -> Pipeline:
        found = self.pipeline(arn)
        if found is None:
            _, _, _, _, account, name = arn.split(":")
            raise errors.no_pipeline(name, account)
        return found

    def pipelines(self, scope: str = "") -> list[Pipeline]:
        """Those whose ARN starts with `scope`; of every account and region without one."""
        return list(self._records.list(PIPELINE, scope))

    def put_pipeline(self, pipeline: Pipeline) -> None:
        """The version first: a version that no pipeline names yet does no harm."""
        arn, declaration = pipeline["arn"], pipeline["declaration"]
        self._records.put(VERSION, key_of(arn, str(declaration["version"])), declaration)
        self._records.put(PIPELINE, arn, pipeline)

    def version(self, arn: str, version: int) -> dict[str, Any] | None:
        return self._records.get(VERSION, key_of(arn, str(version)))

    def delete_pipeline(self, arn: str) -> None:
        self._records.delete(PIPELINE, arn)
        self._active.pop(arn, None)
        for execution in self.executions(arn):
            self._records.delete(EXECUTION, key_of(arn, execution["id"]))
        for job in self._records.list(JOB):
            if job["arn"] == arn:
                self._records.delete(JOB, job["id"])
        for declaration in self._records.list(VERSION, key_of(arn, "")):
            self._records.delete(VERSION, key_of(arn, str(declaration["version"])))

    def execution(self, arn: str, execution_id: str) -> Execution | None:
        return self._records.get(EXECUTION, key_of(arn, execution_id))

    def executions(self, arn: str) -> list[Execution]:
        """Oldest first."""
        return list(self._records.list(EXECUTION, key_of(arn, "")))

    def execution_of_token(self, arn: str, token: str | None) -> Execution | None:
        """The one that a request with this token started."""
        if token is None:
            return None
        known = (e for e in self.executions(arn) if e["token"] == token)
        return next(known, None)

    def active(self, arn: str) -> list[Execution]:
        """Oldest first."""
        found = [self.execution(arn, known) for known in list(self._active.get(arn, []))]
        return [execution for execution in found if execution is not None]

    def put_execution(self, execution: Execution) -> None:
        self._note(execution)
        self._records.put(EXECUTION, key_of(execution["arn"], execution["id"]), execution)

    def _note(self, execution: Execution) -> None:
        known = self._active.setdefault(execution["arn"], [])
        is_known = execution["id"] in known
        if execution["status"] in ACTIVE and not is_known:
            known.append(execution["id"])
        elif execution["status"] not in ACTIVE and is_known:
            known.remove(execution["id"])

    def job(self, job_id: str) -> dict[str, Any] | None:
        return self._records.get(JOB, job_id)

    def put_job(self, job: dict[str, Any]) -> None:
        self._records.put(JOB, job["id"], job)
