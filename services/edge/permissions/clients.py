"""Clients by which a service of this edge works as the role that it was given."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import ClientError
from localstack.aws.api import ServiceException
from localstack.aws.connect import connect_to

from services.edge.permissions import credentials
from services.edge.permissions.actions.needs import Need
from services.edge.permissions.credentials import Credentials
from services.edge.permissions.gate import gate

SECONDS = 3600.0
# AWS ends no batch job later (executionTimeoutMinutes is at most a week).
LONGEST_JOB_SECONDS = 8 * 86_400.0


@dataclass(frozen=True)
class Worker:
    """A service at work as a role: `session` names the work, in the ARN of who makes its calls.

    Where the role does not trust the service and IAM_MODE is enforce, ClientError is raised.
    """

    role_arn: str
    service: str
    session: str

    def credentials(self) -> Credentials:
        """Good for at least half an hour."""
        with _LOCK:
            known = _KNOWN.get(self)
            if known is None or known.expires < time.time() + SECONDS / 2:
                self._check()
                known = credentials.issued(self.role_arn, self.session, SECONDS)
                _forget_expired()
                _KNOWN[self] = known
            return known

    def client(self, service: str, region: str, config: Config | None = None) -> Any:
        """A client of the edge, of botocore's service; it renews its credentials."""
        self.credentials()
        return _client(self, service.replace("lambda", "lambda_"), region, config)

    def allows(self, need: Need) -> bool:
        """For what the role does without a call to this edge; true unless IAM_MODE is enforce."""
        judged = gate()
        if judged is None:
            return True
        given = self.credentials()
        session = credentials.session_of(given.access_key, given.token)
        return judged.judge.refuses(session, need, {}) is None

    def renewing(self) -> dict[str, str]:
        """What the Spark service is told, so that a job has the role for as long as it runs."""
        self._check()
        given = credentials.issued(self.role_arn, self.session, LONGEST_JOB_SECONDS, renews=True)
        return {
            "role_arn": self.role_arn,
            "session_name": self.session,
            "access_key": given.access_key,
            "secret_key": given.secret_key,
            "session_token": given.token,
        }

    def metadata(self) -> dict[str, str]:
        """Credentials as botocore refreshes them."""
        given = self.credentials()
        return {
            "access_key": given.access_key,
            "secret_key": given.secret_key,
            "token": given.token,
            "expiry_time": datetime.fromtimestamp(given.expires, UTC).isoformat(),
        }

    def _check(self) -> None:
        if (judged := gate()) is not None:
            try:
                judged.judge.require_trust(self.service, self.role_arn)
            except ServiceException as error:
                told: Any = {"Error": {"Code": error.code, "Message": str(error)}}
                raise ClientError(told, "AssumeRole") from error


@lru_cache(maxsize=256)
def _client(worker: Worker, service: str, region: str, config: Config | None) -> Any:
    given = worker.credentials()
    factory = connect_to(
        region_name=region,
        aws_access_key_id=given.access_key,
        aws_secret_access_key=given.secret_key,
        aws_session_token=given.token,
        config=config,
    )
    client = getattr(factory, service)
    client._client._request_signer._credentials = RefreshableCredentials.create_from_metadata(
        worker.metadata(), refresh_using=worker.metadata, method="assume-role"
    )
    return client


_KNOWN: dict[Worker, Credentials] = {}
_LOCK = threading.RLock()


def _forget_expired() -> None:
    for worker in [one for one, known in _KNOWN.items() if known.expires < time.time()]:
        del _KNOWN[worker]


def role_arn(role: str, account: str) -> str:
    """The role of this name in the account: Glue takes a name as well, with or without its path.

    AWS hands no role of another account to a service; here that of the own account is meant.
    """
    return f"arn:aws:iam::{account}:role/{role.rpartition(':role/')[2]}"
