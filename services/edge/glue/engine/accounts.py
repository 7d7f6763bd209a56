"""What Glue has and does in each account and region."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.edge.edge_url import edge_url
from services.edge.glue.engine.crawl_schedules import start_due
from services.edge.glue.engine.crawl_watch import CrawlWatch
from services.edge.glue.engine.crawls import Runner
from services.edge.glue.engine.identities import Identities
from services.edge.glue.engine.job_runs import Follower
from services.edge.glue.engine.job_starts import start_run
from services.edge.glue.engine.triggers import Engine
from services.edge.glue.engine.workflow_runs import fire_scheduled
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records, Scoped


@dataclass(frozen=True)
class Account:
    """One account and region: its records, and what works on them in the background."""

    records: Scoped
    follower: Follower
    crawls: Runner
    engine: Engine

    def resume(self) -> None:
        """Go on with what the last process left."""
        self.follower.resume()
        self.crawls.fail_unfinished()
        self.engine.resume()

    def start_crawls(self, minute: datetime) -> None:
        start_due(self.records, self.crawls, minute)

    def fire_triggers(self, minute: datetime) -> None:
        fire_scheduled(self.records, self.engine, minute)


class Accounts:
    """Each is made when it is asked for, and stays."""

    def __init__(self, records: Records, spark: SparkClient) -> None:
        self._records, self._spark = records, spark
        self._made: dict[str, Account] = {}
        self._lock = threading.Lock()

    def of(self, scope: str) -> Account:
        """That of an account and region, `000000000000/us-east-1`."""
        with self._lock:
            if scope not in self._made:
                self._made[scope] = self._make(scope)
            return self._made[scope]

    def all(self) -> list[Account]:
        with self._lock:
            return list(self._made.values())

    def _make(self, scope: str) -> Account:
        records = self._records.of(scope)
        identities = Identities(records.account, records.region)
        follower = Follower(records, self._spark, identities, lambda run: engine.job_run_ended(run))
        crawls = Runner(records, identities, edge_url())
        start = partial(start_run, records, follower)
        engine = Engine(records, start, follower, CrawlWatch(records, crawls))
        return Account(records, follower, crawls, engine)
