"""AWS Glue's crawler operations: requests in, documents and running crawls behind."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.glue import errors
from services.edge.glue.crawlers import crawls, definitions
from services.edge.glue.crawlers.definitions import CRAWLER, Crawler
from services.edge.glue.crawlers.runner import Runner
from services.edge.glue.operation import operation
from services.edge.glue.paging import page
from services.edge.glue.tag_operations import own
from services.edge.store.records import Records

Request = dict[str, Any]
NAMES_PER_PAGE = 100


class CrawlerOperations:
    """A part of the provider, which sets what is declared here."""

    _records: Records
    _crawls: Runner

    @operation("CreateCrawler")
    def create_crawler(self, context: RequestContext, request: Request) -> Request:
        """Delta and S3 targets only, no custom classifiers; the role is not looked up."""
        name = request["Name"]
        crawler = definitions.created(request, time.time())
        with self._crawls.lock:
            if self._records.get(CRAWLER, name):
                raise errors.already_exists(f"Crawler with name {name}")
            self._records.put(CRAWLER, name, {**crawler, **own(context, "crawler", name, request)})
        return {}

    @operation("GetCrawler")
    def get_crawler(self, _: RequestContext, request: Request) -> Request:
        return {"Crawler": self._described(self._crawler(request["Name"]))}

    @operation("GetCrawlers")
    def get_crawlers(self, _: RequestContext, request: Request) -> Request:
        paged = page(request, "Crawlers", list(self._records.list(CRAWLER)))
        return {**paged, "Crawlers": [self._described(found) for found in paged["Crawlers"]]}

    @operation("ListCrawlers")
    def list_crawlers(self, _: RequestContext, request: Request) -> Request:
        wanted = (request.get("Tags") or {}).items()
        found = [c["Name"] for c in self._records.list(CRAWLER) if wanted <= c["_tags"].items()]
        return page({"MaxResults": NAMES_PER_PAGE, **request}, "CrawlerNames", found)

    @operation("BatchGetCrawlers")
    def batch_get_crawlers(self, _: RequestContext, request: Request) -> Request:
        found = {name: self._records.get(CRAWLER, name) for name in request["CrawlerNames"]}
        return {
            "Crawlers": [self._described(crawler) for crawler in found.values() if crawler],
            "CrawlersNotFound": [name for name, crawler in found.items() if not crawler],
        }

    @operation("UpdateCrawler")
    def update_crawler(self, _: RequestContext, request: Request) -> Request:
        with self._crawls.lock:
            crawler = self._idle_crawler(request["Name"])
            changed = definitions.updated(crawler, request, time.time())
            self._records.put(CRAWLER, crawler["Name"], changed)
        return {}

    @operation("DeleteCrawler")
    def delete_crawler(self, _: RequestContext, request: Request) -> Request:
        with self._crawls.lock:
            crawler = self._idle_crawler(request["Name"])
            self._records.delete(CRAWLER, crawler["Name"])
            self._crawls.forget(crawler["Name"])
        return {}

    @operation("StartCrawler")
    def start_crawler(self, _: RequestContext, request: Request) -> Request:
        """Reads ten files of a folder unless SampleSize is given; a missing target fails it."""
        with self._crawls.lock:
            self._crawls.start(self._crawler(request["Name"]))
        return {}

    @operation("StopCrawler")
    def stop_crawler(self, _: RequestContext, request: Request) -> Request:
        self._crawls.stop(self._crawler(request["Name"])["Name"])
        return {}

    @operation("UpdateCrawlerSchedule")
    def update_crawler_schedule(self, _: RequestContext, request: Request) -> Request:
        with self._crawls.lock:
            crawler = self._crawler(request["CrawlerName"])
            self._put(definitions.with_schedule(crawler, request.get("Schedule")))
        return {}

    @operation("StartCrawlerSchedule")
    def start_crawler_schedule(self, _: RequestContext, request: Request) -> Request:
        with self._crawls.lock:
            crawler = self._crawler(request["CrawlerName"])
            state = definitions.schedule_state(crawler)
            name = crawler["Name"]
            if state is None:
                raise errors.GlueError("NoScheduleException", f"Crawler {name} has no schedule.")
            if state == "SCHEDULED":
                raise errors.GlueError(
                    "SchedulerRunningException", f"The schedule of crawler {name} is running."
                )
            self._put(_with_schedule_state(crawler, "SCHEDULED"))
        return {}

    @operation("StopCrawlerSchedule")
    def stop_crawler_schedule(self, _: RequestContext, request: Request) -> Request:
        with self._crawls.lock:
            crawler = self._crawler(request["CrawlerName"])
            if definitions.schedule_state(crawler) != "SCHEDULED":
                raise errors.GlueError(
                    "SchedulerNotRunningException",
                    f"The schedule of crawler {crawler['Name']} is not running.",
                )
            self._put(_with_schedule_state(crawler, "NOT_SCHEDULED"))
        return {}

    @operation("GetCrawlerMetrics")
    def get_crawler_metrics(self, _: RequestContext, request: Request) -> Request:
        wanted = request.get("CrawlerNameList") or []
        names = [crawler["Name"] for crawler in self._records.list(CRAWLER)]
        paged = page(request, "CrawlerMetricsList", [n for n in names if not wanted or n in wanted])
        now = time.time()
        rows = [
            crawls.metrics(name, self._crawls.crawls(name), now)
            for name in paged["CrawlerMetricsList"]
        ]
        return {**paged, "CrawlerMetricsList": rows}

    @operation("ListCrawls")
    def list_crawls(self, _: RequestContext, request: Request) -> Request:
        """Without DPU hours, as nothing is billed: a filter by DPU_HOUR is refused."""
        crawler = self._crawler(request["CrawlerName"])
        newest_first = list(reversed(self._crawls.crawls(crawler["Name"])))
        found = crawls.matching(newest_first, request.get("Filters") or [])
        return page(request, "Crawls", [crawls.described(crawl) for crawl in found])

    def _crawler(self, name: str) -> Crawler:
        crawler = self._records.get(CRAWLER, name)
        if crawler is None:
            raise errors.not_found(f"Crawler with name {name}")
        return crawler

    def _idle_crawler(self, name: str) -> Crawler:
        crawler = self._crawler(name)
        if self._crawls.state(name) != "READY":
            raise errors.GlueError(
                "CrawlerRunningException", f"Crawler with name {name} is running."
            )
        return crawler

    def _put(self, crawler: Crawler) -> None:
        self._records.put(CRAWLER, crawler["Name"], crawler)

    def _described(self, crawler: Crawler) -> Crawler:
        name = crawler["Name"]
        shown = {
            **definitions.described(crawler),
            "State": self._crawls.state(name),
            "CrawlElapsedTime": self._crawls.elapsed(name),
        }
        last = self._crawls.last_crawl(name)
        return {**shown, "LastCrawl": last} if last else shown


def _with_schedule_state(crawler: Crawler, state: str) -> Crawler:
    return {**crawler, "Schedule": {**crawler["Schedule"], "State": state}}
