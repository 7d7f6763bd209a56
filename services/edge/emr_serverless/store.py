"""Applications and job runs on disk, of one account and region at a time; changes under a lock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from services.edge.aws.client_tokens import ClientTokens
from services.edge.emr_serverless import errors
from services.edge.emr_serverless.documents import job_runs
from services.edge.store.records import Records

Document = dict[str, Any]
Change = Callable[[Document], Document]
APPLICATION = "emr_serverless_application"
RUN = "emr_serverless_job_run"
APPLICATION_TOKEN = "emr_serverless_application_token"
RUN_TOKEN = "emr_serverless_job_run_token"


class Store:
    """`scope` is the start of the ARNs of an account and region; keys are account/region/ids."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.lock = threading.RLock()

    def find_application(self, scope: str, identifier: str) -> Document | None:
        return self._records.get(APPLICATION, f"{_place(scope)}/{identifier}")

    def application(self, scope: str, identifier: str) -> Document:
        found = self.find_application(scope, identifier)
        if found is None:
            raise errors.not_found("Application", identifier)
        return found

    def application_of(self, run: Document) -> Document:
        return self.application(run["arn"], run["applicationId"])

    def applications(self, scope: str | None = None) -> list[Document]:
        """The oldest first, with the terminated ones; of every account where no scope is given."""
        prefix = "" if scope is None else f"{_place(scope)}/"
        return list(self._records.list(APPLICATION, prefix))

    def find_run(self, application: Document, run_id: str) -> Document | None:
        prefix = f"{_place(application['arn'])}/{application['applicationId']}"
        return self._records.get(RUN, f"{prefix}/{run_id}")

    def run(self, application: Document, run_id: str) -> Document:
        found = self.find_run(application, run_id)
        if found is None:
            raise errors.not_found("Job run", run_id)
        return found

    def latest(self, run: Document) -> Document:
        return self.run(run, run["jobRunId"])

    def runs(self, application: Document) -> list[Document]:
        """The oldest first."""
        prefix = f"{_place(application['arn'])}/{application['applicationId']}/"
        return list(self._records.list(RUN, prefix))

    def unfinished_runs(self) -> list[Document]:
        return [run for run in self._records.list(RUN) if run["state"] not in job_runs.ENDED]

    def tokens(self, scope: str, application: str = "") -> ClientTokens:
        """Those of CreateApplication, or of the StartJobRun of an application."""
        kind = RUN_TOKEN if application else APPLICATION_TOKEN
        records = self._records.of(_place(scope))
        return ClientTokens(records, kind, "clientToken", errors.conflict, f"{application}/")

    def save(self, document: Document) -> Document:
        """Puts a run or an application on disk; returns it."""
        key = f"{_place(document['arn'])}/{document['applicationId']}"
        if "jobRunId" in document:
            self._records.put(RUN, f"{key}/{document['jobRunId']}", document)
        else:
            self._records.put(APPLICATION, key, document)
        return document

    def change_application(self, application: Document, change: Change) -> Document:
        with self.lock:
            present = self.application(application["arn"], application["applicationId"])
            return self.save(change(present))

    def change_run(self, run: Document, change: Change) -> Document:
        """Changes the run as it is by now; one that has ended stays as it ended."""
        with self.lock:
            present = self.latest(run)
            return present if present["state"] in job_runs.ENDED else self.save(change(present))


def _place(arn: str) -> str:
    region, account = arn.split(":")[3:5]
    return f"{account}/{region}"
