"""As whom Glue works in an account and region: as the roles of jobs and crawlers, or for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localstack.aws.connect import connect_to

from services.edge.permissions.clients import Worker, role_arn

SERVICE = "glue.amazonaws.com"
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Identities:
    account: str
    region: str

    def job(self, run: Document) -> Worker:
        """A run that an older version has on record does not tell its role."""
        return self._worker(run.get("_role") or "unknown", run["Id"])

    def crawler(self, crawler: Document) -> Worker:
        return self._worker(crawler["Role"], "AWS-Crawler")

    def client(self, worker: Worker, service: str) -> Any:
        return worker.client(service, self.region)

    def administrator(self, service: str) -> Any:
        factory = connect_to(aws_access_key_id=self.account, region_name=self.region)
        return getattr(factory, service)

    def _worker(self, role: str, session: str) -> Worker:
        return Worker(role_arn(role, self.account), SERVICE, session)
