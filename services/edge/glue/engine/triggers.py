"""Fires triggers: keeps each chain on disk, starts its jobs and crawlers, and goes on as they end.

What a chain is, and what follows from an end, is decided in `documents/dependency_chains.py`.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from functools import partial
from typing import Any, Protocol, cast

from services.edge.glue.documents import dependency_chains, job_runs
from services.edge.glue.documents.job_documents import JobRun
from services.edge.glue.engine.crawl_watch import Crawl, CrawlWatch
from services.edge.glue.engine.job_runs import Follower
from services.edge.glue.errors import GlueError
from services.edge.glue.store import CHAIN, JOB_RUN, key, triggers_of
from services.edge.spark_client import SparkServiceError
from services.edge.store.records import Scoped

LOG = logging.getLogger(__name__)
Document = dict[str, Any]


class JobStarter(Protocol):
    def __call__(self, request: Document, run_id: str, origin: Document) -> JobRun: ...


class Engine:
    """Every change of a chain is made under `lock`, and is on disk before it is acted upon."""

    def __init__(
        self, records: Scoped, start_job: JobStarter, follower: Follower, crawls: CrawlWatch
    ) -> None:
        self._records = records
        self._start_job = start_job
        self._follower = follower
        self._crawls = crawls
        self.lock = threading.RLock()

    def resume(self) -> None:
        """Go on with the chains that had not ended when this process did."""
        with self.lock:
            for chain in self._records.list(CHAIN):
                if chain["Status"] not in dependency_chains.UNFINISHED:
                    continue
                for action in dependency_chains.going(chain):
                    chain = self._resumed(chain, action)
                self._advance(chain)

    def fire(self, trigger: Document, properties: dict[str, str] | None = None) -> Document:
        """Begin a chain with this trigger; in a workflow that is a run, with these properties."""
        workflow = trigger.get("WorkflowName")
        with self.lock:
            chain = {**self._begun(workflow), "Properties": properties or {}}
            if workflow:
                chain["Triggers"] = self._watching(chain)
            return self._advance(self._fired(chain, trigger))

    def refuse(self, workflow: str, message: str) -> None:
        """Record a workflow run that was due and could not begin."""
        self.save(dependency_chains.refused(self._begun(workflow), message))

    def stop(self, chain: Document) -> None:
        with self.lock:
            chain = dependency_chains.stopping(chain, time.time())
            self.save(chain)
        for action in dependency_chains.going(chain):
            kind, name = dependency_chains.target(action["Action"])
            if kind == "CRAWLER":
                self._crawls.stop(name)
            elif run := self.last_attempt(action):
                self._stop_job(run)

    def job_run_ended(self, run: JobRun) -> None:
        if "_chain" in run:
            first = run["Id"].split("_attempt_")[0]
            self._end(run["_chain"], first, State=run["JobRunState"], RunId=run["Id"])

    def last_attempt(self, action: Document) -> JobRun | None:
        attempts = self._records.list(JOB_RUN, key(action["Action"]["JobName"], action["Id"]))
        return cast(JobRun, attempts[-1]) if attempts else None

    def of_workflow(self, workflow: str) -> list[Document]:
        """The runs of a workflow, oldest first."""
        return list(self._records.list(CHAIN, key(workflow, "")))

    def save(self, chain: Document) -> None:
        self._records.put(CHAIN, key(chain["WorkflowName"], chain["Id"]), chain)

    def _stop_job(self, run: JobRun) -> None:
        try:
            self._follower.stop(run, "STOPPED")
        except SparkServiceError as error:  # without an answer, its follower ends it as lost
            LOG.warning("Job run %s is not stopped: %s", run["Id"], error)

    def _begun(self, workflow: str | None) -> Document:
        chain_id = f"{'wr' if workflow else 'chain'}_{secrets.token_hex(32)}"
        return dependency_chains.begun(chain_id, workflow, time.time())

    def _end(self, chain_key: str, action_id: str, **changes: Any) -> None:
        with self.lock:
            chain = self._records.get(CHAIN, chain_key)
            if chain and any(
                action["Id"] == action_id for action in dependency_chains.going(chain)
            ):
                self._advance(dependency_chains.changed(chain, action_id, **changes))

    def _advance(self, chain: Document) -> Document:
        """The chain after all that its state calls for; one without a workflow ends unrecorded."""
        for trigger in dependency_chains.ready(chain, self._watching(chain)):
            chain = self._fired(chain, trigger)
        chain = dependency_chains.settled(chain, time.time())
        if chain["WorkflowName"] or dependency_chains.going(chain):
            self.save(chain)
        else:
            self._records.delete(CHAIN, key(None, chain["Id"]))
        return chain

    def _watching(self, chain: Document) -> list[Document]:
        return triggers_of(self._records, chain["WorkflowName"])

    def _fired(self, chain: Document, trigger: Document) -> Document:
        run_ids = [f"jr_{secrets.token_hex(32)}" for _ in trigger["Actions"]]
        chain = dependency_chains.fired(chain, trigger, run_ids)
        self.save(chain)
        for action in chain["Actions"][-len(run_ids) :]:
            chain = self._started(chain, action)
        return chain

    def _started(self, chain: Document, action: Document) -> Document:
        try:
            self._start(chain, action)
        except GlueError as error:
            LOG.warning("Trigger %s: %s", action["TriggerName"], error.message)
            told = {"ErrorCode": error.code, "ErrorMessage": error.message}
            return dependency_chains.changed(chain, action["Id"], State="ERROR", **told)
        chain = dependency_chains.changed(chain, action["Id"], State="RUNNING")
        self.save(chain)
        return chain

    def _start(self, chain: Document, action: Document) -> None:
        kind, name = dependency_chains.target(action["Action"])
        if kind == "CRAWLER":
            self._crawls.start(name)
            self._watch(chain, action)
            return
        origin = {
            "TriggerName": action["TriggerName"],
            "PredecessorRuns": action["Predecessors"],
            "_chain": key(chain["WorkflowName"], chain["Id"]),
        }
        self._start_job(dependency_chains.job_request(chain, action), action["Id"], origin)

    def _resumed(self, chain: Document, action: Document) -> Document:
        """A planned action is started; one that ended while nobody looked has ended."""
        if dependency_chains.target(action["Action"])[0] == "CRAWLER":
            if action["State"] == "PLANNED":
                return self._started(chain, action)
            self._watch(chain, action)
            return chain
        run = self.last_attempt(action)
        if run is None and action["State"] == "PLANNED":
            return self._started(chain, action)
        if run is not None and run["JobRunState"] in job_runs.ACTIVE:
            return dependency_chains.changed(chain, action["Id"], State="RUNNING")
        if run is None:
            return dependency_chains.changed(chain, action["Id"], State="ERROR")
        return dependency_chains.changed(
            chain, action["Id"], State=run["JobRunState"], RunId=run["Id"]
        )

    def _watch(self, chain: Document, action: Document) -> None:
        chain_key = key(chain["WorkflowName"], chain["Id"])
        ended = partial(self._crawl_ended, chain_key, action["Id"])
        self._crawls.watch(action["Action"]["CrawlerName"], ended)

    def _crawl_ended(self, chain_key: str, action_id: str, crawl: Crawl) -> None:
        self._end(chain_key, action_id, State=crawl["State"], Crawl=crawl)
