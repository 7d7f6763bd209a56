"""LocalStack's own services work as the roles that they were given, for as long as they work.

localstack/aws/connect.py (ClientFactory.with_assumed_role) asks STS once for each client, and the
targets of rules, the log lines of functions and tasks of state machines that wait keep theirs: with
credentials that end they would not go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localstack.aws.connect import ClientFactory, attribute_name_to_service_name
from localstack.utils.patch import patch

from services.edge.permissions.clients import Worker


@dataclass(frozen=True)
class RoleClients:
    """In the place of LocalStack's factory of clients."""

    worker: Worker
    region: str
    config: Any

    def get_client(self, service: str) -> Any:
        return self.worker.client(service, self.region, self.config)

    def __getattr__(self, service: str) -> Any:
        if service.startswith("__"):
            raise AttributeError(service)
        return self.get_client(attribute_name_to_service_name(service))


def apply() -> None:
    @patch(ClientFactory.with_assumed_role)
    def with_assumed_role(original: Any, self: Any, **named: Any) -> Any:
        principal, region = named.get("service_principal"), named.get("region_name")
        if not principal or named.get("endpoint_url"):
            return original(self, **named)
        session = named.get("session_name") or principal
        worker = Worker(named["role_arn"], f"{principal}.amazonaws.com", session)
        return RoleClients(worker, region or self._get_region(), named.get("config"))
