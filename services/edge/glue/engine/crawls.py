"""Runs crawls, one thread for each; every state is recorded before it can be read."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from services.edge import s3_filesystem
from services.edge.cloudwatch_logs import log_lines
from services.edge.glue.documents import crawlers, crawls
from services.edge.glue.documents.crawlers import Crawler
from services.edge.glue.documents.crawls import Crawl
from services.edge.glue.engine.crawler import catalog_changes, findings, s3_targets
from services.edge.glue.engine.crawler.catalog import Catalog, PartitionError
from services.edge.glue.engine.crawler.catalog_writer import Writer
from services.edge.glue.engine.identities import Identities
from services.edge.glue.errors import GlueError
from services.edge.glue.store import CRAWL, LATEST_CRAWL, key
from services.edge.store.records import Scoped

LOG = logging.getLogger(__name__)


class Stopped(Exception):
    """The crawler is being stopped."""


class Runner:
    def __init__(self, records: Scoped, identities: Identities, endpoint_url: str) -> None:
        self._records = records
        self._identities = identities
        self._endpoint_url = endpoint_url
        self.lock = threading.RLock()

    def fail_unfinished(self) -> None:
        """What was running when this process ended has failed; the stopped are cancelled."""
        for crawl in self._records.list(LATEST_CRAWL):
            if crawl["State"] == "RUNNING":
                state = "STOPPED" if crawl["_stopping"] else "FAILED"
                self._end(crawl, state, crawls.LOST, {})

    def state(self, crawler: str) -> str:
        return crawls.state(self._records.get(LATEST_CRAWL, crawler))

    def last_crawl(self, crawler: str) -> dict[str, Any] | None:
        """The last crawl that has ended, as GetCrawler tells it."""
        latest = self._records.get(LATEST_CRAWL, crawler)
        return crawls.last_crawl(latest) if latest else None

    def crawls(self, crawler: str) -> list[Crawl]:
        return list(self._records.list(CRAWL, key(crawler, "")))

    def elapsed(self, crawler: str) -> int:
        """Milliseconds since the start of the crawl that is running, else 0."""
        latest = self._records.get(LATEST_CRAWL, crawler)
        if latest is None or latest["State"] != "RUNNING":
            return 0
        return max(0, round((time.time() - float(latest["StartTime"])) * 1000))

    def start(self, crawler: Crawler) -> None:
        with self.lock:
            state = self.state(crawler["Name"])
            if state != "READY":
                what = "already running" if state == "RUNNING" else "stopping"
                raise GlueError(
                    "CrawlerRunningException", f"Crawler with name {crawler['Name']} is {what}."
                )
            last = self.last_crawl(crawler["Name"])
            crawl = crawls.started(crawler["Name"], str(uuid.uuid4()), last, time.time())
            self._save(crawl)
        name = f"crawl-{crawl['CrawlId'][:8]}"
        threading.Thread(target=self._run, args=(crawler, crawl), name=name, daemon=True).start()

    def stop(self, crawler: str) -> None:
        with self.lock:
            latest = self._records.get(LATEST_CRAWL, crawler)
            state = crawls.state(latest)
            if latest is None or state == "READY":
                raise GlueError(
                    "CrawlerNotRunningException", f"Crawler with name {crawler} is not running."
                )
            if state == "STOPPING":
                raise GlueError(
                    "CrawlerStoppingException", f"Crawler with name {crawler} is stopping."
                )
            self._save({**latest, "_stopping": True})

    def forget(self, crawler: str) -> None:
        """Remove what is kept of a deleted crawler's crawls."""
        for crawl in self.crawls(crawler):
            self._records.delete(CRAWL, key(crawler, crawl["CrawlId"]))
        self._records.delete(LATEST_CRAWL, crawler)

    def _run(self, crawler: Crawler, crawl: Crawl) -> None:
        log = self._log_of(crawler, crawl)
        counts: dict[str, int] = {}
        try:
            message = self._crawl(crawler, log, counts)
            state = "FAILED" if message else "COMPLETED"
        except Stopped:
            state, message = "STOPPED", None
            log("INFO : The crawler was stopped; nothing more is written")
        except (ClientError, BotoCoreError, PartitionError, OSError) as error:
            state, message = "FAILED", str(error)
        except Exception as error:
            LOG.exception("Crawl %s of %s failed", crawl["CrawlId"], crawler["Name"])
            state, message = "FAILED", f"Internal Service Exception: {error}"
        if message:
            log(f"ERROR : {message}")
        log("BENCHMARK : Crawler has finished running and is in state READY")
        self._end(crawl, state, message, counts)

    def _crawl(
        self, crawler: Crawler, log: Callable[[str], None], counts: dict[str, int]
    ) -> str | None:
        """Why the crawl has failed, or nothing; what could be read is written all the same."""
        log(f"BENCHMARK : Running Start Crawl for Crawler {crawler['Name']}")
        catalog = Catalog(self._client(crawler, "glue"), crawlers.database(crawler))
        if catalog.database == crawlers.DEFAULT_DATABASE:
            catalog.ensure()
        present = catalog.tables()
        found = self._read(crawler)
        for note in found.notes:
            log(note)
        planned = catalog_changes.planned(crawler, found.tables, present)
        names = {change.name for change in planned}
        gone = catalog_changes.vanished(crawler, [*found.read, *found.missing], names, present)
        log(f"BENCHMARK : Classification complete, writing results to database {catalog.database}")
        log(f"INFO : Crawler configured with {_settings(crawler)}")
        writer = Writer(catalog, log, crawler["SchemaChangePolicy"]["DeleteBehavior"], counts)
        for change in (*planned, *gone):
            self._check(crawler["Name"])
            writer.write(change, time.time())
        log("BENCHMARK : Finished writing to Catalog")
        return (
            " ".join([*found.failures, *catalog_changes.never_found(found.missing, gone)]) or None
        )

    def _read(self, crawler: Crawler) -> findings.Findings:
        def check() -> None:
            self._check(crawler["Name"])

        found = findings.Findings()
        delta = crawler["Targets"].get("DeltaTargets") or []
        given = self._identities.crawler(crawler).credentials()
        keys = s3_filesystem.Keys(given.access_key, given.secret_key, given.token)
        findings.delta_targets(
            delta, s3_filesystem.through_edge(self._endpoint_url, keys), found, check
        )
        s3 = self._client(crawler, "s3")
        targets = crawler["Targets"].get("S3Targets") or []
        combine = crawlers.combines_schemas(crawler)
        s3_targets.read(s3, targets, check, found, combine=combine)
        return found

    def _check(self, crawler: str) -> None:
        if self.state(crawler) == "STOPPING":
            raise Stopped

    def _client(self, crawler: Crawler, service: str) -> Any:
        return self._identities.client(self._identities.crawler(crawler), service)

    def _log_of(self, crawler: Crawler, crawl: Crawl) -> Callable[[str], None]:
        logs = self._client(crawler, "logs")

        def log(line: str) -> None:
            line = f"[{crawl['MessagePrefix']}] {line}"
            try:
                log_lines.append(logs, crawl["LogGroup"], crawl["LogStream"], [line])
            except (ClientError, BotoCoreError) as error:
                LOG.error("Line of crawl %s not written: %s", crawl["CrawlId"], error)

        return log

    def _end(self, crawl: Crawl, state: str, message: str | None, counts: dict[str, int]) -> None:
        with self.lock:
            if self._records.get(LATEST_CRAWL, crawl["LogStream"]) is not None:
                self._save(crawls.ended(crawl, state, message, counts, time.time()))

    def _save(self, crawl: Crawl) -> None:
        """The crawl itself first: the crawler is READY only once its crawl can be read as ended."""
        self._records.put(CRAWL, key(crawl["LogStream"], crawl["CrawlId"]), crawl)
        self._records.put(LATEST_CRAWL, crawl["LogStream"], crawl)


def _settings(crawler: Crawler) -> str:
    configuration = crawler.get("Configuration") or '{"Version":1.0}'
    policy = json.dumps(crawler["SchemaChangePolicy"], separators=(",", ":"))
    return f"Configuration {configuration} and SchemaChangePolicy {policy}."
