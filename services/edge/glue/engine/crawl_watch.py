"""The crawls that triggers start, each watched until it has ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from services.edge.glue.engine.crawls import Runner
from services.edge.glue.errors import GlueError
from services.edge.glue.store import CRAWLER, require
from services.edge.store.records import Scoped

LOG = logging.getLogger(__name__)
POLL_SECONDS = 0.2
Crawl = dict[str, Any]
Ended = Callable[[Crawl], None]


class CrawlWatch:
    def __init__(self, records: Scoped, runner: Runner) -> None:
        self._records = records
        self._runner = runner

    def start(self, crawler: str) -> None:
        """Raises GlueError where there is no such crawler, or it is running."""
        self._runner.start(require(self._records, CRAWLER, crawler))

    def stop(self, crawler: str) -> None:
        try:
            self._runner.stop(crawler)
        except GlueError as error:  # it may have ended meanwhile
            LOG.warning("Crawler %s is not stopped: %s", crawler, error)

    def watch(self, crawler: str, ended: Ended) -> None:
        """Calls `ended` once, with the crawl that has ended, from a thread of its own."""
        arguments = (crawler, ended)
        threading.Thread(target=self._watch, args=arguments, name="crawl", daemon=True).start()

    def _watch(self, crawler: str, ended: Ended) -> None:
        while self._runner.state(crawler) != "READY":
            time.sleep(POLL_SECONDS)
        ended(crawl(self._runner.last_crawl(crawler), time.time()))


def crawl(last: dict[str, Any] | None, now: float) -> Crawl:
    """As the graph of a workflow run tells the crawler's last crawl."""
    if last is None:
        return {"State": "ERROR", "ErrorMessage": "The crawler was deleted.", "CompletedOn": now}
    names = ("ErrorMessage", "LogGroup", "LogStream")
    told = {name: last[name] for name in names if name in last}
    return {"State": last["Status"], "StartedOn": last["StartTime"], "CompletedOn": now, **told}
