"""Starts crawlers by their schedules, minute by minute."""

from __future__ import annotations

import logging
from datetime import datetime

from services.edge.aws.schedules import parse_cron
from services.edge.glue.documents.crawlers import Crawler, schedule_state
from services.edge.glue.engine.crawls import Runner
from services.edge.glue.errors import GlueError
from services.edge.glue.store import CRAWLER
from services.edge.store.records import Scoped

LOG = logging.getLogger(__name__)


def start_due(records: Scoped, runner: Runner, minute: datetime) -> None:
    """Start each crawler whose schedule names this minute; one that is running is left alone."""
    with runner.lock:  # so that no crawler is deleted meanwhile
        for crawler in records.list(CRAWLER):
            if is_due(crawler, minute):
                try:
                    runner.start(crawler)
                except GlueError as error:
                    LOG.warning("A scheduled crawl is left out: %s", error)


def is_due(crawler: Crawler, minute: datetime) -> bool:
    scheduled = schedule_state(crawler) == "SCHEDULED"
    return scheduled and parse_cron(crawler["Schedule"]["ScheduleExpression"]).matches(minute)
